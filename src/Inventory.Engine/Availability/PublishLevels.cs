using System.Threading.Channels;
using Inventory.Engine.Database;
using Inventory.Engine.Telemetry;

namespace Inventory.Engine.Availability;

/// <summary>
/// Brings what each commit has left into the cache: whatever has gathered while the last write was under way goes in
/// one call. What is lost on the way, because too much waits, the cache is away or this process ends, is brought by
/// <see cref="RepairAvailability"/>.
/// </summary>
public sealed class PublishLevels : IAsyncDisposable
{
    private const int BatchesWaitingMax = 1_000;
    private const int RowsPerWriteMax = 2_000;

    private readonly AvailabilityCache cache;
    private readonly CommittedLevels committed;
    private readonly AvailabilityMetrics metrics;
    private readonly Channel<IReadOnlyList<StockLevel>> waiting;
    private readonly Dictionary<long, StockLevel> gathered = [];
    private readonly Task writing;

    /// <summary>Listens from now on.</summary>
    public PublishLevels(AvailabilityCache cache, CommittedLevels committed, AvailabilityMetrics metrics)
    {
        this.cache = cache;
        this.committed = committed;
        this.metrics = metrics;
        waiting = Channel.CreateBounded<IReadOnlyList<StockLevel>>(
            new BoundedChannelOptions(BatchesWaitingMax)
            {
                FullMode = BoundedChannelFullMode.DropOldest,
                SingleReader = true,
            },
            dropped => metrics.Dropped(dropped.Count)
        );
        committed.Committed += Enqueue;
        writing = Task.Run(WriteAsync);
    }

    internal DeliveredVersions Delivered { get; } = new();

    /// <summary>Writes what waits, then stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        committed.Committed -= Enqueue;
        waiting.Writer.TryComplete();
        await writing;
    }

    private void Enqueue(IReadOnlyList<StockLevel> levels)
    {
        if (cache.Incarnation == 0)
        {
            metrics.Dropped(levels.Count);
            return;
        }

        waiting.Writer.TryWrite(levels);
    }

    private async Task WriteAsync()
    {
        while (await waiting.Reader.WaitToReadAsync())
        {
            gathered.Clear();
            while (gathered.Count < RowsPerWriteMax && waiting.Reader.TryRead(out var levels))
            {
                Gather(levels);
            }

            await WriteAsync([.. gathered.Values]);
        }
    }

    // The lanes commit side by side, so a row's levels may come in another order than its versions.
    private void Gather(IReadOnlyList<StockLevel> levels)
    {
        foreach (var level in levels)
        {
            if (!gathered.TryGetValue(level.StockId, out var known) || known.Version < level.Version)
            {
                gathered[level.StockId] = level;
            }
        }
    }

    private async Task WriteAsync(List<StockLevel> levels)
    {
        var incarnation = cache.Incarnation;
        try
        {
            var newer = await cache.WriteAsync(levels);
            // What met something newer is left to the follower, which finds out whether that is true.
            var refused = newer.Count == 0 ? null : newer.ToHashSet();
            Delivered.Add(
                incarnation,
                levels.Where((_, i) => refused is null || !refused.Contains(i)).Select(l => (l.StockId, l.Version))
            );
            metrics.Wrote(levels.Count);
        }
        catch (CacheAwayException)
        {
            metrics.Dropped(levels.Count);
        }
    }
}
