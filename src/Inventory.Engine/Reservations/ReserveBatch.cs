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
/// One batch of the reserve statement: puts the attempts in order, once an id, runs the statement, and hands each its
/// answer. What is undecided gets a new proposal, from what the statement saw, and stays for the next batch.
/// </summary>
internal sealed class ReserveBatch(CommittedLevels committed)
{
    // From this round on nothing stands before it but older ones, so that the head of a batch, which is always
    // decided, is soon itself.
    private const int RoundsBehindMax = 3;

    internal async Task ExecuteAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Pending<ReserveAttempt, AttemptAnswer>> batch
    )
    {
        var askers = InOrder(batch);
        var parameters = Parameters(askers);
        var row = await ReserveStatement.ExecuteAsync(connection, parameters);
        var seen = new Dictionary<Guid, long>();
        for (var i = 0; i < (row.SeenIds?.Length ?? 0); i++)
        {
            seen.Add(row.SeenIds![i], row.SeenFingerprints![i]);
        }

        var shelf = new Shelf(parameters.StockIds, row);
        var held = new bool[askers.Count];
        foreach (var place in row.Held ?? [])
        {
            held[place - 1] = true;
            shelf.Grant(askers[place - 1].First.Request);
        }

        var changes = new List<StockLevel>(held.Length);
        foreach (var place in row.Held ?? [])
        {
            shelf.AddChanges(askers[place - 1].First.Request, changes);
        }

        committed.Publish(changes);
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
            // Others who ask the same did not fit either; who asks something else under the id is judged in the next
            // batch.
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
        var places = new Dictionary<Guid, int>(batch.Count);
        Add(behind: false);
        Add(behind: true);
        return askers;

        void Add(bool behind)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var pending = batch[i];
                if ((pending.Request.StandsBehind && pending.Rounds <= RoundsBehindMax) != behind)
                {
                    continue;
                }

                if (places.TryAdd(pending.Request.Id, askers.Count))
                {
                    askers.Add(new Askers(pending));
                }
                else
                {
                    askers[places[pending.Request.Id]].Others.Add(pending);
                }
            }
        }
    }

    private static ReserveParameters Parameters(List<Askers> askers)
    {
        var lines = 0;
        foreach (var asker in askers)
        {
            lines += asker.First.Request.Proposal.Length;
        }

        var parameters = new ReserveParameters(askers.Count, lines);
        var stockIds = new List<long>(lines);
        var warehouseIds = new List<int>(1);
        var line = 0;
        for (var i = 0; i < askers.Count; i++)
        {
            var attempt = askers[i].First.Request;
            parameters.SetRequest(i, attempt);
            foreach (var (stockId, quantity) in attempt.Proposal)
            {
                parameters.SetLine(line++, i + 1, stockId, quantity);
            }

            foreach (var demand in attempt.Demands)
            {
                foreach (var row in demand.Rows)
                {
                    stockIds.Add(row.StockId);
                    if (!warehouseIds.Contains(row.WarehouseId))
                    {
                        warehouseIds.Add(row.WarehouseId);
                    }
                }
            }
        }

        parameters.SetRows(stockIds, warehouseIds);
        return parameters;
    }

    /// <summary>All who ask under one id. The statement judges the first.</summary>
    private readonly struct Askers(Pending<ReserveAttempt, AttemptAnswer> first)
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
