using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>The stock rows of one batch, after its grants. Proposals that are made in turn are subtracted, so that they fit beside each other.</summary>
internal sealed class Shelf : IShelf
{
    private readonly Dictionary<long, Row> rows;

    internal Shelf(ReserveRow answer)
    {
        rows = new Dictionary<long, Row>(answer.StockIds.Length);
        for (var i = 0; i < answer.StockIds.Length; i++)
        {
            rows.Add(
                answer.StockIds[i],
                new Row
                {
                    OnHand = answer.OnHand[i],
                    Reserved = answer.Reserved[i],
                    Available = answer.Available[i],
                    Version = answer.Versions[i],
                }
            );
        }
    }

    /// <summary>Subtracts what was granted.</summary>
    internal void Grant(ReserveAttempt attempt)
    {
        foreach (var (stockId, quantity) in attempt.Proposal)
        {
            var row = rows[stockId];
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
            rows[stockId].Claimed += quantity;
        }
    }

    /// <summary>The rows as without the claims.</summary>
    internal IShelf Alone => new Unclaimed(rows);

    public long Available(long stockId) => rows.TryGetValue(stockId, out var row) ? row.Available - row.Claimed : 0;

    /// <summary>The rows that the batch changed.</summary>
    internal List<StockLevel> Changes(IEnumerable<ReserveAttempt> granted)
    {
        var changes = new List<StockLevel>();
        foreach (var attempt in granted)
        {
            foreach (var demand in attempt.Demands)
            {
                foreach (var candidate in demand.Rows)
                {
                    if (rows.TryGetValue(candidate.StockId, out var row) && row.Changed)
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

        return changes;
    }

    private sealed class Row
    {
        internal long OnHand { get; init; }

        internal long Reserved { get; set; }

        internal long Available { get; set; }

        internal long Claimed { get; set; }

        internal long Version { get; set; }

        internal bool Changed { get; set; }
    }

    private sealed class Unclaimed(Dictionary<long, Row> rows) : IShelf
    {
        public long Available(long stockId) => rows.TryGetValue(stockId, out var row) ? row.Available : 0;
    }
}
