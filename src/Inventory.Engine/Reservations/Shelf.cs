using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>
/// The stock rows of one batch, after its grants. Proposals that are made in turn are claimed, so that they fit
/// beside each other.
/// </summary>
internal sealed class Shelf : IShelf
{
    private readonly long[] stockIds;
    private readonly Row[] rows;

    /// <param name="stockIds">The batch's rows, ascending.</param>
    /// <param name="answer">What the statement found.</param>
    internal Shelf(long[] stockIds, ReserveRow answer)
    {
        this.stockIds = stockIds;
        rows = new Row[stockIds.Length];
        for (var i = 0; i < answer.StockIds.Length; i++)
        {
            ref var row = ref rows[Array.BinarySearch(stockIds, answer.StockIds[i])];
            row.OnHand = answer.OnHand[i];
            row.Reserved = answer.Reserved[i];
            row.Available = answer.Available[i];
            row.Version = answer.Versions[i];
        }
    }

    /// <summary>The rows as without the claims.</summary>
    internal IShelf Alone => new Unclaimed(this);

    public long Available(long stockId) =>
        Array.BinarySearch(stockIds, stockId) is >= 0 and var at ? rows[at].Available - rows[at].Claimed : 0;

    /// <summary>Subtracts what was granted.</summary>
    internal void Grant(ReserveAttempt attempt)
    {
        foreach (var (stockId, quantity) in attempt.Proposal)
        {
            ref var row = ref rows[Array.BinarySearch(stockIds, stockId)];
            row.Reserved += quantity;
            row.Available -= quantity;
            row.Version++;
            row.Changed = true;
        }
    }

    /// <summary>Keeps the attempt's proposal apart from those that come after it.</summary>
    internal void Claim(ReserveAttempt attempt)
    {
        foreach (var (stockId, quantity) in attempt.Proposal)
        {
            rows[Array.BinarySearch(stockIds, stockId)].Claimed += quantity;
        }
    }

    /// <summary>The rows of an attempt that the batch changed, each once in the life of this shelf.</summary>
    internal void AddChanges(ReserveAttempt attempt, List<StockLevel> changes)
    {
        foreach (var demand in attempt.Demands)
        {
            foreach (var candidate in demand.Rows)
            {
                ref var row = ref rows[Array.BinarySearch(stockIds, candidate.StockId)];
                if (row.Changed)
                {
                    row.Changed = false;
                    changes.Add(
                        new(
                            candidate.StockId,
                            demand.Item!.ItemId,
                            candidate.WarehouseId,
                            row.OnHand,
                            row.Reserved,
                            row.Available,
                            row.Version
                        )
                    );
                }
            }
        }
    }

    private struct Row
    {
        internal long OnHand;
        internal long Reserved;
        internal long Available;
        internal long Claimed;
        internal long Version;
        internal bool Changed;
    }

    private sealed class Unclaimed(Shelf shelf) : IShelf
    {
        public long Available(long stockId) =>
            Array.BinarySearch(shelf.stockIds, stockId) is >= 0 and var at ? shelf.rows[at].Available : 0;
    }
}
