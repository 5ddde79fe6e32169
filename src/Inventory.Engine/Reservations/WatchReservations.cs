using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.Engine.Telemetry;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Watches reservations, by their ids or by their orders, those that an order gets later too. Begins with what there
/// is, or where a token left off, and goes on with each change of state that moves stock, in order.
/// </summary>
public sealed class WatchReservations
{
    /// <summary>The most ids and orders of a watch together.</summary>
    public const int NamesMax = 100;

    /// <summary>The most watchers, unless said otherwise.</summary>
    public const int DefaultWatchersMax = 20_000;

    private readonly JournalFeed feed;
    private readonly WatchMetrics metrics;
    private readonly ReservationWatches watches;

    /// <summary>Nobody watches yet.</summary>
    public WatchReservations(Cell cell, StockDirectory directory, JournalFeed feed, WatchMetrics metrics)
    {
        this.feed = feed;
        this.metrics = metrics;
        watches = new(cell, directory, feed);
        feed.Listen(watches);
        metrics.ObserveWatchers("reservations", () => watches.Count);
    }

    /// <summary>The most watchers at once.</summary>
    public int WatchersMax { get; init; } = DefaultWatchersMax;

    /// <summary>How long a watch is silent before it tells how far it is.</summary>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Calls that watch.</summary>
    public int Count => watches.Count;

    /// <summary>Begins a watch.</summary>
    /// <param name="reservationIds">An unknown one ends the watch with its first step.</param>
    /// <param name="orderIds">An order that has no reservation may get one.</param>
    /// <param name="resumeToken">Of an earlier watch of the same; none: it begins with what there is.</param>
    /// <returns>The watch, or why there is none.</returns>
    public (ReservationWatch? Watch, WatchEnd? Refusal) Open(
        IReadOnlyList<Guid> reservationIds,
        IReadOnlyList<string> orderIds,
        string? resumeToken
    )
    {
        Guid[] ids = [.. reservationIds.Distinct()];
        string[] orders = [.. orderIds.Distinct()];
        JournalCursor? from = null;
        if (
            !string.IsNullOrEmpty(resumeToken)
            && !ResumeToken.TryRead(resumeToken, ReservationWatch.FingerprintOf(ids, orders), out from)
        )
        {
            return (null, WatchEnd.Of(WatchOutcome.TokenInvalid));
        }

        var watch = new ReservationWatch(feed, metrics, ids, orders, from) { HeartbeatEvery = HeartbeatEvery };
        if (watches.TryAdd(watch, WatchersMax))
        {
            return (watch, null);
        }

        watch.Dispose();
        return (null, WatchEnd.Of(WatchOutcome.TooManyWatchers));
    }
}
