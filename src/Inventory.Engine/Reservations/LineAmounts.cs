namespace Inventory.Engine.Reservations;

/// <summary>
/// How much of each line fits, by the request's fill. Pure. Never more than there is, and no line could have more
/// beside what the others have. Lines that name their warehouse are served first, but never below what the others need
/// at least.
/// </summary>
internal static class LineAmounts
{
    /// <param name="demands">What is wanted, all known; those of one line beside each other.</param>
    /// <param name="fill">What to do where there is too little.</param>
    /// <param name="shelf">What is there.</param>
    /// <returns>By line; none if a line's least does not fit, or nothing does.</returns>
    internal static long[]? Find(Demand[] demands, ReserveFill fill, IShelf shelf)
    {
        var lines = demands.GroupBy(d => d.LineAt).OrderBy(l => l.First().IsAnywhere).Select(l => l.ToArray()).ToList();
        var stock = new SharedStock(demands, shelf);
        var amounts = new long[lines.Count];
        foreach (var line in lines)
        {
            var least = Least(line[0].Line, fill);
            if (stock.Most(line) < least)
            {
                return null;
            }

            stock.Take(line, least);
            amounts[line[0].LineAt] = least;
        }

        foreach (var line in lines)
        {
            var more = Math.Min(line[0].Line.Quantity - amounts[line[0].LineAt], stock.Most(line));
            if (fill == ReserveFill.WholeLines && more < line[0].Line.Quantity)
            {
                continue;
            }

            stock.Take(line, more);
            amounts[line[0].LineAt] += more;
        }

        return Array.Exists(amounts, a => a > 0) ? amounts : null;
    }

    /// <summary>Without this much of the line there is no reservation.</summary>
    internal static long Least(ReserveLine line, ReserveFill fill) =>
        fill switch
        {
            ReserveFill.AllOrNothing => line.Quantity,
            ReserveFill.WholeLines => 0,
            ReserveFill.BestEffort => line.MinQuantity,
        };

    /// <summary>
    /// What is left for lines that may share rows. What a line takes that names no warehouse is owed by all rows of its
    /// item together: which of them give it is chosen later, and there is always a choice, because lines that name a
    /// warehouse have taken theirs by then.
    /// </summary>
    private sealed class SharedStock
    {
        private readonly Dictionary<long, long> left = [];
        private readonly Dictionary<long, long> free = [];

        internal SharedStock(Demand[] demands, IShelf shelf)
        {
            foreach (var demand in demands)
            {
                free.TryAdd(demand.Item!.ItemId, 0);
                foreach (var row in demand.Rows)
                {
                    var available = Math.Max(0, shelf.Available(row.StockId));
                    if (left.TryAdd(row.StockId, available))
                    {
                        free[demand.Item.ItemId] += available;
                    }
                }
            }
        }

        internal long Most(Demand[] line) => line.Min(Most);

        internal void Take(Demand[] line, long amount)
        {
            foreach (var demand in line)
            {
                free[demand.Item!.ItemId] -= amount * demand.Each;
                if (!demand.IsAnywhere && amount > 0)
                {
                    left[demand.Rows[0].StockId] -= amount * demand.Each;
                }
            }
        }

        private long Most(Demand demand)
        {
            if (demand.IsClosed)
            {
                return 0;
            }

            var most = free[demand.Item!.ItemId];
            if (!demand.IsAnywhere)
            {
                most = demand.Rows.Length == 0 ? 0 : Math.Min(most, left[demand.Rows[0].StockId]);
            }

            return most / demand.Each;
        }
    }
}
