using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.Engine.Telemetry;
using Npgsql;

namespace Inventory.Engine.Availability;

/// <summary>
/// Watches what can be sold: of some items, or of all in some warehouses. Begins with all that there is, or where a
/// token left off, and goes on with each change; a stock row's versions never go back.
/// </summary>
public sealed class WatchAvailability
{
    /// <summary>The most SKUs of a watch.</summary>
    public const int SkusMax = 500;

    /// <summary>The most watchers, unless said otherwise.</summary>
    public const int DefaultWatchersMax = 20_000;

    private readonly StockDirectory directory;
    private readonly JournalFeed feed;
    private readonly WatchMetrics metrics;
    private readonly AvailabilityWatches watches;

    /// <summary>Nobody watches yet.</summary>
    public WatchAvailability(Cell cell, StockDirectory directory, JournalFeed feed, WatchMetrics metrics)
    {
        this.directory = directory;
        this.feed = feed;
        this.metrics = metrics;
        watches = new(cell, directory, feed);
        feed.Listen(watches);
        metrics.ObserveWatchers("availability", () => watches.Count);
    }

    /// <summary>The most watchers at once.</summary>
    public int WatchersMax { get; init; } = DefaultWatchersMax;

    /// <summary>How long a watch is silent before it tells how far it is.</summary>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Calls that watch.</summary>
    public int Count => watches.Count;

    /// <summary>Begins a watch.</summary>
    /// <param name="skusOrIds">At most <see cref="SkusMax"/>; none: all items of the warehouses.</param>
    /// <param name="warehouses">Only these, by code or id; none: all, where SKUs are named.</param>
    /// <param name="resumeToken">Of an earlier watch of the same; none: it begins with all that there is.</param>
    /// <param name="cancellation">Ends the look for names.</param>
    /// <returns>The watch, or why there is none.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<(AvailabilityWatch? Watch, WatchEnd? Refusal)> OpenAsync(
        IReadOnlyList<string> skusOrIds,
        IReadOnlyList<string> warehouses,
        string? resumeToken,
        CancellationToken cancellation
    )
    {
        var known = await directory.FindAsync([.. skusOrIds.Distinct()], cancellation);
        var unknown = skusOrIds.Where(s => !known.ContainsKey(s)).Distinct().ToList();
        if (unknown.Count > 0)
        {
            return (null, new(WatchOutcome.SkuUnknown, unknown));
        }

        var kits = known.Where(i => i.Value.IsKit).Select(i => i.Key).ToList();
        if (kits.Count > 0)
        {
            return (null, new(WatchOutcome.ItemIsKit, kits));
        }

        var (only, unknownWarehouse) = await WarehouseFilter.ResolveAsync(directory, warehouses, cancellation);
        if (unknownWarehouse is not null)
        {
            return (null, new(WatchOutcome.WarehouseUnknown, [unknownWarehouse]));
        }

        ItemRows[] items = [.. known.Values.DistinctBy(i => i.ItemId)];
        WarehouseRow[] sites = [.. (only ?? []).DistinctBy(w => w.WarehouseId)];
        var fingerprint = Fingerprint(items, sites);
        JournalCursor? from = null;
        if (!string.IsNullOrEmpty(resumeToken) && !ResumeToken.TryRead(resumeToken, fingerprint, out from))
        {
            return (null, WatchEnd.Of(WatchOutcome.TokenInvalid));
        }

        var watch = new AvailabilityWatch(feed, directory, metrics, items, sites, from, fingerprint)
        {
            HeartbeatEvery = HeartbeatEvery,
        };
        if (watches.TryAdd(watch, WatchersMax))
        {
            return (watch, null);
        }

        watch.Dispose();
        return (null, WatchEnd.Of(WatchOutcome.TooManyWatchers));
    }

    private static long Fingerprint(ItemRows[] items, WarehouseRow[] sites)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number(items.Length);
        foreach (var itemId in items.Select(i => i.ItemId).Order())
        {
            content.Number(itemId);
        }

        foreach (var warehouseId in sites.Select(w => w.WarehouseId).Order())
        {
            content.Number(warehouseId);
        }

        return content.ToFingerprint();
    }
}
