using Inventory.Engine.Database;
using Inventory.Engine.Journal;

namespace Inventory.Engine.Reservations;

/// <summary>All watches of reservations, and whom a change concerns.</summary>
internal sealed class ReservationWatches(Cell cell, StockDirectory directory, JournalFeed feed) : IFeedListener
{
    // What one look between two passes may take, so that passes go on while many come at once.
    private const int WatchesPerLook = 200;

    // All watches together: about a hundred bytes each.
    private const int NamesMax = 1_000_000;

    private readonly WatchRoll<ReservationWatch> roll = new(w => w.Place, w => w.Ids.Length + w.OrderIds.Length);
    private readonly WatchIndex<Guid, ReservationWatch> byId = new();
    private readonly WatchIndex<string, ReservationWatch> byOrder = new();

    public bool IsWatched => roll.Count > 0;

    internal int Count => roll.Count;

    /// <param name="Id">The reservation.</param>
    /// <param name="Xid">A reservation changes once in a transaction, and has a row for each of its stock rows.</param>
    /// <param name="Last">The last of those rows.</param>
    /// <param name="Kind">Of the first of them, unless a lapsed hold was taken again.</param>
    private sealed record Change(Guid Id, ulong Xid, JournalChange Last, JournalKind Kind);

    internal bool TryAdd(ReservationWatch watch, int watchesMax)
    {
        var added = roll.TryAdd(watch, watchesMax, NamesMax);
        feed.Ring();
        return added;
    }

    public async Task TakeAsync(ChangePage page, CancellationToken cancellation)
    {
        if (byId.IsEmpty && byOrder.IsEmpty)
        {
            return;
        }

        await FollowNewAsync(page, cancellation);
        var changes = ChangesOf(page);
        if (changes.Count == 0)
        {
            return;
        }

        Guid[] ids = [.. changes.Select(c => c.Id).Distinct()];
        var (found, _) = await ReadWatchedReservations.ExecuteAsync(cell, directory, ids, [], cancellation);
        var reservations = found.ToDictionary(r => r.ReservationId);
        // These say nothing of what was sold or given back before.
        var lasts = changes
            .Where(c => c.Kind is not (JournalKind.Returned or JournalKind.Extended or JournalKind.Fulfilled))
            .GroupBy(c => c.Id)
            .ToDictionary(g => g.Key, g => g.Last());
        foreach (var change in changes)
        {
            if (reservations.TryGetValue(change.Id, out var reservation))
            {
                var state = StateAfter(change, lasts.GetValueOrDefault(change.Id), reservation.State);
                Tell(page, change, new(reservation, state, change.Last.At));
            }
        }
    }

    public async Task<bool> AdmitAsync(CancellationToken cancellation)
    {
        LetGo();

        var come = new List<ReservationWatch>();
        while (come.Count < WatchesPerLook && roll.TryLetIn(out var watch))
        {
            come.Add(watch);
        }

        if (come.Count > 0)
        {
            await LetInAsync(come, cancellation);
        }

        return roll.AnyoneComes();
    }

    public void Fail(Exception cause)
    {
        LetGo();
        roll.Fail(cause);
    }

    public void EndAll()
    {
        foreach (var watch in roll.Present)
        {
            watch.Place.End(WatchEnd.Of(WatchOutcome.EraOver));
        }
    }

    // The row may be ahead of the change. A part that is confirmed or released leaves the rest held, unless it was the
    // last of it: then nothing follows but what comes back, and the row tells what it ended as.
    private static ReservationState StateAfter(Change change, Change? last, ReservationState now) =>
        change.Kind switch
        {
            JournalKind.Waiting => ReservationState.Pending,
            JournalKind.Held or JournalKind.Granted or JournalKind.Extended => ReservationState.Held,
            JournalKind.Cancelled => ReservationState.Cancelled,
            JournalKind.Failed => ReservationState.Failed,
            JournalKind.Expired => ReservationState.Expired,
            JournalKind.Reacquired => ReservationState.Confirmed,
            JournalKind.Confirmed or JournalKind.Released when !ReferenceEquals(change, last) => ReservationState.Held,
            JournalKind.Confirmed or JournalKind.Released when now == ReservationState.Fulfilled =>
                ReservationState.Confirmed,
            _ => now,
        };

    private void LetGo()
    {
        foreach (var watch in roll.LetGo())
        {
            foreach (var id in watch.Followed)
            {
                byId.Remove(id, watch);
            }

            Array.ForEach(watch.OrderIds, o => byOrder.Remove(o, watch));
        }
    }

    private void Tell(ChangePage page, Change change, ReservationChange told)
    {
        foreach (var watch in byId.Find(change.Id))
        {
            if (watch.Place.Takes(page, change.Last))
            {
                watch.Offer(told, change.Kind, change.Xid, watch.Place.Behind(page, change.Last.Position));
            }
        }
    }

    private List<Change> ChangesOf(ChangePage page)
    {
        var changes = new Dictionary<(Guid, ulong), Change>();
        foreach (ref readonly var row in page.Changes.AsSpan())
        {
            if (row.Document is { } id && byId.Find(id).Count > 0)
            {
                var key = (id, row.Xid);
                changes[key] = changes.TryGetValue(key, out var known)
                    ? known with
                    {
                        Last = row,
                        // What of a lapsed hold is not taken again lapses beside what is.
                        Kind = row.Kind == JournalKind.Reacquired ? row.Kind : known.Kind,
                    }
                    : new(id, row.Xid, row, row.Kind);
            }
        }

        return [.. changes.Values.OrderBy(c => c.Last.Position)];
    }

    // Which order a reservation is of stands in its row alone, and never changes.
    private async Task FollowNewAsync(ChangePage page, CancellationToken cancellation)
    {
        if (byOrder.IsEmpty)
        {
            return;
        }

        Guid[] held =
        [
            .. page
                .Changes.Where(c => c is { Kind: JournalKind.Held or JournalKind.Waiting, Document: not null })
                .Select(c => c.Document!.Value)
                .Distinct(),
        ];
        foreach (var (id, orderId) in await ReadWatchedReservations.OrdersAsync(cell, held, cancellation))
        {
            foreach (var watch in byOrder.Find(orderId))
            {
                Follow(watch, id);
            }
        }
    }

    private void Follow(ReservationWatch watch, Guid id)
    {
        if (watch.Followed.Count == ReservationWatch.ReservationsMax && !watch.Followed.Contains(id))
        {
            watch.Place.End(WatchEnd.Of(WatchOutcome.TooManyReservations));
        }
        else if (watch.Followed.Add(id))
        {
            byId.Add(id, watch);
        }
    }

    private async Task LetInAsync(List<ReservationWatch> come, CancellationToken cancellation)
    {
        var through = feed.Through!.Cursor;
        var (found, snapshot) = await ReadWatchedReservations.ExecuteAsync(
            cell,
            directory,
            [.. come.SelectMany(w => w.Ids).Distinct()],
            [.. come.SelectMany(w => w.OrderIds).Distinct()],
            cancellation
        );
        var known = found.ToDictionary(r => r.ReservationId);
        var ofOrders = found.Where(r => r.OrderId is not null).ToLookup(r => r.OrderId!);
        // The floor is that of an earlier snapshot, and so a little low: it costs nothing but a few rows.
        var from = snapshot is null ? through : new JournalCursor(through.Era, snapshot, through.Floor);
        foreach (var watch in come)
        {
            var unknown = watch.Ids.Where(id => !known.ContainsKey(id)).Select(id => id.ToString()).ToList();
            if (unknown.Count > 0)
            {
                watch.Place.End(new(WatchOutcome.ReservationUnknown, unknown));
                continue;
            }

            Array.ForEach(watch.OrderIds, o => byOrder.Add(o, watch));
            var its = watch.OrderIds.SelectMany(o => ofOrders[o]).Concat(watch.Ids.Select(id => known[id]));
            LetIn(watch, [.. its.DistinctBy(r => r.ReservationId)], from);
        }
    }

    private void LetIn(ReservationWatch watch, List<Reservation> its, JournalCursor from)
    {
        its.ForEach(r => Follow(watch, r.ReservationId));
        if (watch.Resumes is { } resumes)
        {
            watch.Place.Return(resumes);
            return;
        }

        its.ForEach(watch.Begin);
        watch.Place.GoLive(from);
    }
}
