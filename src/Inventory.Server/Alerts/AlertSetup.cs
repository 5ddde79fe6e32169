using Inventory.Engine.Alerts;
using Inventory.Server.Followers;

namespace Inventory.Server.Alerts;

/// <summary>Alerts: what raises them, what lists them, and what tells them.</summary>
internal static class AlertSetup
{
    public static void Add(IServiceCollection services, AlertOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<ListAlerts>();
        services.AddSingleton<WatchAlerts>();
        services.AddSingleton<AdvanceAlert>();
        services.AddSingleton<SetThreshold>();
        services.AddSingleton<ListThresholds>();
        services.AddSingleton<RaiseAlerts>();
        services.AddSingleton<SweepLevels>();
        services.AddSingleton<AlertNotices>();
        services.AddSingleton<WebhookNotices>();
        services.AddSingleton<SendNotices>();
        services.AddSingleton<ReserveTally>();
        services.AddSingleton<OperationAlerts>();
        services.AddFollower<AlertsFollower>();
    }
}
