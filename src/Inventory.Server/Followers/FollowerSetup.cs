using Inventory.Engine.Journal.Followers;
using Inventory.Engine.Telemetry;

namespace Inventory.Server.Followers;

/// <summary>Who follows the journal. Every node runs every follower; of each, one node at a time is active.</summary>
internal static class FollowerSetup
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<FollowerMetrics>();
        services.AddSingleton<ListFollowers>();
    }

    /// <summary>Runs a follower with the server.</summary>
    public static IServiceCollection AddFollower<T>(this IServiceCollection services)
        where T : class, IJournalFollower
    {
        services.AddSingleton<T>();
        return services.AddHostedService<FollowerRun<T>>();
    }
}
