using Inventory.Engine.Journal.Followers;
using Inventory.Engine.Telemetry;
using Inventory.Server.Health;

namespace Inventory.Server.Followers;

/// <summary>Who follows the journal. Every node runs every follower; of each, one node at a time is active.</summary>
internal static class FollowerSetup
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<FollowerMetrics>();
        services.AddSingleton<ListFollowers>();
        services.AddSingleton<BeginFollowers>();
        services.AddSingleton<FollowersProbe>();
        services.AddSingleton(provider => new HealthProbe(
            "followers",
            cancellation => provider.GetRequiredService<FollowersProbe>().FindAsync(cancellation)
        ));
        services.AddFollower<ReorderFollower>();
        services.AddFollower<HistoryFollower>();
    }

    /// <summary>Runs a follower with the server.</summary>
    public static IServiceCollection AddFollower<T>(this IServiceCollection services)
        where T : class, IJournalFollower
    {
        services.AddSingleton<T>();
        services.AddSingleton<IJournalFollower>(provider => provider.GetRequiredService<T>());
        return services.AddHostedService<FollowerRun<T>>();
    }
}
