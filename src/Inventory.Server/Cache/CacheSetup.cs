using Inventory.Engine.Availability;
using Inventory.Engine.Telemetry;

namespace Inventory.Server.Cache;

/// <summary>The reading side, one of each: with Redis, or without any cache.</summary>
internal static class CacheSetup
{
    /// <param name="services">Have the cell, its directory and its commits.</param>
    /// <param name="redis">Connection string; none: every read asks PostgreSQL.</param>
    public static void Add(IServiceCollection services, string? redis)
    {
        services.AddSingleton<AvailabilityMetrics>();
        services.AddSingleton<PublishLevels>();
        services.AddSingleton<RepairAvailability>();
        services.AddSingleton<ReadLevels>();
        services.AddSingleton<ReadStrongLevels>();
        services.AddSingleton<CachedLevels>();
        services.AddSingleton<GetAvailability>();
        services.AddSingleton<BatchGetAvailability>();
        services.AddSingleton<CheckAvailability>();
        services.AddSingleton<ExplainAvailability>();
        if (redis is null)
        {
            services.AddSingleton<AvailabilityCache, NoCache>();
            return;
        }

        services.AddSingleton<AvailabilityCache>(provider => new RedisAvailabilityCache(
            redis,
            provider.GetRequiredService<ILogger<RedisAvailabilityCache>>()
        ));
        services.AddHostedService<CacheUpkeep>();
    }
}
