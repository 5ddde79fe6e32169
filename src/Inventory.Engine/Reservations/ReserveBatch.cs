using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>What a batch says of an attempt.</summary>
internal enum AttemptResult
{
    Held = 1,

    /// <summary>Its id was there, with the same content.</summary>
    Seen = 2,

    /// <summary>Its id was there, with other content.</summary>
    Reused = 3,

    /// <summary>It did not fit even alone. No refusal yet: due holds were not counted.</summary>
    Unfit = 4,

    Overloaded = 5,
}

/// <param name="Result">What the batch says.</param>
/// <param name="Now">The database's time of the batch.</param>
internal readonly record struct AttemptAnswer(AttemptResult Result, DateTime Now);

/// <summary>
/// One batch of the reserve statement: puts the attempts in order, once an id, runs the statement, and hands each its answer. What is undecided
/// gets a new proposal, from what the statement saw, and stays for the next batch.
/// </summary>
internal sealed class ReserveBatch(CommittedLevels committed)
{
    // From this round on nothing stands before it but older ones, so that the head of a batch, which is always decided, is soon itself.
    private const int RoundsBehindMax = 3;

    internal async Task ExecuteAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Pending<ReserveAttempt, AttemptAnswer>> batch
    )
    {
        var askers = InOrder(batch);
        var row = await ReserveStatement.ExecuteAsync(connection, Parameters(askers));
        var seen = new Dictionary<Guid, long>();
        for (var i = 0; i < (row.SeenIds?.Length ?? 0); i++)
        {
            seen.Add(row.SeenIds![i], row.SeenFingerprints![i]);
        }

        var shelf = new Shelf(row);
        var held = new bool[askers.Count];
        foreach (var place in row.Held ?? [])
        {
            held[place - 1] = true;
            shelf.Grant(askers[place - 1].First.Request);
        }

        committed.Publish(shelf.Changes(askers.Where((_, i) => held[i]).Select(a => a.First.Request)));
        for (var i = 0; i < askers.Count; i++)
        {
            Answer(askers[i], held[i], seen, shelf, row.Now);
        }
    }

    private static void Answer(Askers askers, bool held, Dictionary<Guid, long> seen, Shelf shelf, DateTime now)
    {
        var attempt = askers.First.Request;
        if (held)
        {
            askers.First.Settle(new(AttemptResult.Held, now));
            askers.SettleOthers(attempt.Fingerprint, now);
        }
        else if (seen.TryGetValue(attempt.Id, out var fingerprint))
        {
            askers.First.Settle(
                new(attempt.Fingerprint == fingerprint ? AttemptResult.Seen : AttemptResult.Reused, now)
            );
            askers.SettleOthers(fingerprint, now);
        }
        else if (attempt.Propose(shelf))
        {
            shelf.Claim(attempt);
            attempt.StandsBehind = false;
        }
        else if (attempt.Propose(shelf.Alone))
        {
            attempt.StandsBehind = true;
        }
        else
        {
            // Others who ask the same did not fit either; who asks something else under the id is judged in the next batch.
            askers.First.Settle(new(AttemptResult.Unfit, now));
            foreach (var other in askers.Others.Where(o => o.Request.Fingerprint == attempt.Fingerprint))
            {
                other.Settle(new(AttemptResult.Unfit, now));
            }
        }
    }

    private static List<Askers> InOrder(IReadOnlyList<Pending<ReserveAttempt, AttemptAnswer>> batch)
    {
        var askers = new List<Askers>(batch.Count);
        var places = new Dictionary<Guid, Askers>(batch.Count);
        Add(batch.Where(p => !IsBehind(p)));
        Add(batch.Where(IsBehind));
        return askers;

        void Add(IEnumerable<Pending<ReserveAttempt, AttemptAnswer>> part)
        {
            foreach (var pending in part)
            {
                if (places.TryGetValue(pending.Request.Id, out var known))
                {
                    known.Others.Add(pending);
                }
                else
                {
                    askers.Add(places[pending.Request.Id] = new Askers(pending));
                }
            }
        }

        static bool IsBehind(Pending<ReserveAttempt, AttemptAnswer> p) =>
            p.Request.StandsBehind && p.Rounds <= RoundsBehindMax;
    }

    private static ReserveParameters Parameters(List<Askers> askers)
    {
        var stockIds = new SortedSet<long>();
        var warehouseIds = new HashSet<int>();
        var lines = new List<(int Request, long StockId, long Quantity)>(askers.Count);
        for (var i = 0; i < askers.Count; i++)
        {
            var attempt = askers[i].First.Request;
            foreach (var row in attempt.Demands.SelectMany(d => d.Rows))
            {
                stockIds.Add(row.StockId);
                warehouseIds.Add(row.WarehouseId);
            }

            lines.AddRange(attempt.Proposal.Select(p => (i + 1, p.StockId, p.Quantity)));
        }

        return new ReserveParameters
        {
            StockIds = [.. stockIds],
            WarehouseIds = [.. warehouseIds],
            Ids = [.. askers.Select(a => a.First.Request.Id)],
            Fingerprints = [.. askers.Select(a => a.First.Request.Fingerprint)],
            HoldMs = [.. askers.Select(a => a.First.Request.Request.HoldMs)],
            Callers = [.. askers.Select(a => a.First.Request.Request.Caller)],
            RequestIds = [.. askers.Select(a => a.First.Request.Request.RequestId)],
            OrderIds = [.. askers.Select(a => a.First.Request.Request.OrderId)],
            LineRequests = [.. lines.Select(l => l.Request)],
            LineStockIds = [.. lines.Select(l => l.StockId)],
            LineQuantities = [.. lines.Select(l => l.Quantity)],
        };
    }

    /// <summary>All who ask under one id. The statement judges the first.</summary>
    private sealed class Askers(Pending<ReserveAttempt, AttemptAnswer> first)
    {
        internal Pending<ReserveAttempt, AttemptAnswer> First { get; } = first;

        internal List<Pending<ReserveAttempt, AttemptAnswer>> Others { get; } = [];

        internal void SettleOthers(long fingerprint, DateTime now)
        {
            foreach (var other in Others)
            {
                other.Settle(
                    new(other.Request.Fingerprint == fingerprint ? AttemptResult.Seen : AttemptResult.Reused, now)
                );
            }
        }
    }
}
