using System.Diagnostics.Metrics;

namespace Inventory.Engine.Telemetry;

/// <summary>What the availability cache tells of itself, under the meter <see cref="EngineMeter.Name"/>.</summary>
public sealed class AvailabilityMetrics : IDisposable
{
    private readonly Meter meter = new(EngineMeter.Name);
    private readonly Counter<long> written;
    private readonly Counter<long> dropped;
    private readonly Counter<long> repaired;
    private readonly Counter<long> cleared;
    private long hits;
    private long misses;
    private Func<TimeSpan?> age = () => null;

    /// <summary>Makes the instruments.</summary>
    public AvailabilityMetrics()
    {
        // Hits and misses are counted by each read: a plain addition, looked at when somebody collects.
        meter.CreateObservableCounter(
            "inventory.cache.hits",
            () => Volatile.Read(ref hits),
            "{item}",
            "Items answered from the cache."
        );
        meter.CreateObservableCounter(
            "inventory.cache.misses",
            () => Volatile.Read(ref misses),
            "{item}",
            "Items that the cache should have had and the database answered."
        );
        meter.CreateObservableGauge("inventory.cache.age", Age, "s", "How long ago all that the cache says was true.");
        written = meter.CreateCounter<long>("inventory.cache.written", "{row}", "Stock rows written after commits.");
        dropped = meter.CreateCounter<long>("inventory.cache.dropped", "{row}", "Stock rows left to the follower.");
        repaired = meter.CreateCounter<long>(
            "inventory.cache.repaired",
            "{row}",
            "Stock rows written by the follower."
        );
        cleared = meter.CreateCounter<long>(
            "inventory.cache.cleared",
            "{time}",
            "Times that all copies were given up."
        );
    }

    /// <summary>Items answered from the cache so far.</summary>
    public long Hits => Volatile.Read(ref hits);

    /// <summary>Items that the database had to answer so far, strong reads not counted.</summary>
    public long Misses => Volatile.Read(ref misses);

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    internal void Hit(long items) => Interlocked.Add(ref hits, items);

    internal void Missed(long items) => Interlocked.Add(ref misses, items);

    internal void Wrote(int rows) => written.Add(rows);

    internal void Dropped(int rows) => dropped.Add(rows);

    internal void Repaired(int rows) => repaired.Add(rows);

    internal void Cleared() => cleared.Add(1);

    internal void ObserveAge(Func<TimeSpan?> ask) => age = ask;

    private IEnumerable<Measurement<double>> Age() => age() is { } now ? [new(now.TotalSeconds)] : [];
}
