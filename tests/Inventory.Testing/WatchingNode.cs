using Inventory.Engine.Availability;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.Engine.Reservations;
using Inventory.Engine.Telemetry;

namespace Inventory.Testing;

/// <summary>The watching side as one server runs it.</summary>
public sealed class WatchingNode : IAsyncDisposable
{
    private readonly WatchMetrics metrics = new();
    private readonly JournalFeed feed;

    /// <param name="cell">The tables.</param>
    /// <param name="node">Whose directory it shares, and whose commits ring it.</param>
    /// <param name="pageSize">Of the feed.</param>
    /// <param name="returnChangesMax">Of the feed.</param>
    /// <param name="watchersMax">Of each kind.</param>
    public WatchingNode(
        Cell cell,
        EngineNode node,
        int pageSize = 20_000,
        long returnChangesMax = 1_000_000,
        int watchersMax = WatchAvailability.DefaultWatchersMax
    )
    {
        feed = new JournalFeed(cell, node.Committed, metrics)
        {
            PageSize = pageSize,
            ReturnChangesMax = returnChangesMax,
        };
        feed.Failed += Failures.Add;
        Availability = new(cell, node.Directory, feed, metrics)
        {
            WatchersMax = watchersMax,
            HeartbeatEvery = TimeSpan.FromMilliseconds(200),
        };
        Reservations = new(cell, node.Directory, feed, metrics) { HeartbeatEvery = TimeSpan.FromMilliseconds(200) };
    }

    /// <summary>What the feed met.</summary>
    public List<Exception> Failures { get; } = [];

    public WatchAvailability Availability { get; }

    public WatchReservations Reservations { get; }

    /// <summary>Nobody watches, and nothing is left of those who did.</summary>
    public Task EmptyAsync() => Eventually.TrueAsync(() => Availability.Count == 0 && Reservations.Count == 0);

    public async ValueTask DisposeAsync()
    {
        await feed.DisposeAsync();
        metrics.Dispose();
    }
}
