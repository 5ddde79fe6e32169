using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.Engine.Telemetry;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// One watcher's view: every change of its reservations, in order. One who is slow is told the rest from the journal
/// when he has taken what waits. To be disposed when the watcher leaves.
/// </summary>
public sealed class ReservationWatch : IDisposable
{
    /// <summary>The most reservations that a watch follows.</summary>
    public const int ReservationsMax = 1_000;

    private const int StepSizeMax = 100;

    // Beside what it begins with.
    private const int ChangesMax = 1_000;

    private readonly Lock gate = new();
    private readonly WatchMetrics metrics;
    private readonly Queue<(ReservationChange Change, JournalCursor? Behind)> waiting = new();
    private readonly Dictionary<Guid, (ulong Xid, ReservationState State)> told = [];
    private JournalCursor? rest;
    private JournalCursor? last;
    private bool begun;

    internal ReservationWatch(
        JournalFeed feed,
        WatchMetrics metrics,
        Guid[] ids,
        string[] orderIds,
        JournalCursor? resumes
    )
    {
        this.metrics = metrics;
        Ids = ids;
        OrderIds = orderIds;
        Resumes = resumes;
        Place = new(feed);
        Fingerprint = FingerprintOf(ids, orderIds);
    }

    /// <summary>How long a step waits for a change before it tells only how far the watch is.</summary>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(10);

    internal FeedPlace Place { get; }

    internal Guid[] Ids { get; }

    internal string[] OrderIds { get; }

    /// <summary>Where it resumes; none: it begins with what there is.</summary>
    internal JournalCursor? Resumes { get; }

    internal long Fingerprint { get; }

    /// <summary>What it follows, those of its orders that were made since too. For the feed's loop alone.</summary>
    internal HashSet<Guid> Followed { get; } = [];

    /// <summary>Waits for what is new.</summary>
    /// <returns>A step without changes says only how far the watch is.</returns>
    /// <exception cref="NpgsqlException">The database was away when the watch was to begin.</exception>
    public async ValueTask<WatchStep<ReservationChange>> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            // The order matters: first how far the feed is, then what is there of it.
            var through = Place.Through();
            var (taken, behind, isEmpty) = Take();
            last = behind ?? last;
            var cursor = taken.Count > 0 ? behind : Furthest(isEmpty ? through : null);
            if (taken.Count == 0 && Place.Ended is { } end)
            {
                return new([], null, end);
            }

            if (taken.Count > 0 || (cursor is not null && !begun))
            {
                return Step(taken, cursor);
            }

            if (!await Place.WaitAsync(HeartbeatEvery, cancellation) && cursor is not null)
            {
                return Step([], cursor);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Place.Dispose();

    internal static long FingerprintOf(Guid[] ids, string[] orderIds)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number(ids.Length);
        foreach (var id in ids.Order())
        {
            content.Text(id.ToString());
        }

        content.Number(orderIds.Length);
        foreach (var orderId in orderIds.Order(StringComparer.Ordinal))
        {
            content.Text(orderId);
        }

        return content.ToFingerprint();
    }

    /// <summary>What there is when it begins.</summary>
    internal void Begin(Reservation reservation)
    {
        lock (gate)
        {
            told[reservation.ReservationId] = (0, reservation.State);
            waiting.Enqueue((new(reservation, reservation.State, null), null));
        }
    }

    /// <summary>Leaves a change, unless it is told already.</summary>
    /// <param name="change">What has changed.</param>
    /// <param name="kind">How.</param>
    /// <param name="xid">By which transaction: a reservation changes once in one.</param>
    /// <param name="behind">The place right behind it.</param>
    internal void Offer(ReservationChange change, JournalKind kind, ulong xid, JournalCursor behind)
    {
        var id = change.Reservation.ReservationId;
        lock (gate)
        {
            if (waiting.Count >= ChangesMax && rest is null)
            {
                metrics.Overflowed();
                rest = waiting.Last().Behind ?? Place.From;
                Place.Pause();
                return;
            }

            var known = told.GetValueOrDefault(id);
            // A hold past its time has been told as expired before the sweep has met it.
            var isKnown = known.Xid == xid || (known.State == ReservationState.Expired && kind == JournalKind.Expired);
            told[id] = (xid, change.State);
            if (!isKnown)
            {
                waiting.Enqueue((change, behind));
            }
        }

        Place.Wake();
    }

    private (List<ReservationChange> Taken, JournalCursor? Behind, bool IsEmpty) Take()
    {
        var taken = new List<ReservationChange>();
        JournalCursor? behind = null;
        lock (gate)
        {
            while (taken.Count < StepSizeMax && waiting.TryDequeue(out var next))
            {
                taken.Add(next.Change);
                behind = next.Behind;
            }

            var isEmpty = waiting.Count == 0 && rest is null;
            if (waiting.Count == 0 && rest is { } from)
            {
                rest = null;
                Place.Return(from);
            }

            return (taken, behind, isEmpty);
        }
    }

    // A pass that is told halfway when the database goes is not behind the feed yet.
    private JournalCursor? Furthest(JournalCursor? through) =>
        through is null
        || last?.Pass is not { } pass
        || JournalSnapshot.Parse(through.Snapshot).Covers(JournalSnapshot.Parse(pass.Upper))
            ? through
            : last;

    private WatchStep<ReservationChange> Step(List<ReservationChange> taken, JournalCursor? cursor)
    {
        begun |= cursor is not null;
        metrics.Told();
        return new(taken, cursor is null ? null : ResumeToken.Write(cursor, Fingerprint));
    }
}
