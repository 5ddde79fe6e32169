using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>What a proposal takes from a shelf, one element a stock row, in the order in which rows were met.</summary>
/// <param name="shelf">What is thought to be there.</param>
/// <param name="size">How many rows to expect.</param>
internal sealed class Draw(IShelf shelf, int size)
{
    // A list: nearly all requests draw on a row or two.
    private readonly List<(long StockId, long Quantity)> taken = new(size);

    /// <summary>What the shelf has of a row beside what was taken; never negative.</summary>
    internal long Left(long stockId)
    {
        var at = taken.FindIndex(t => t.StockId == stockId);
        return Math.Max(0, shelf.Available(stockId) - (at < 0 ? 0 : taken[at].Quantity));
    }

    /// <summary>Takes what a demand wants, from its rows in their order.</summary>
    /// <param name="demand">What is wanted.</param>
    /// <param name="amounts">How much of each line; none: all.</param>
    /// <returns>Whether there was enough.</returns>
    internal bool TryTake(Demand demand, long[]? amounts)
    {
        var wanted = demand.Wanted(amounts);
        return !(demand.IsClosed && wanted > 0) && TryTake(demand.Rows, wanted);
    }

    /// <summary>Takes from rows in their order, from each as much as it has.</summary>
    /// <returns>Whether there was enough; if not, what there was is taken.</returns>
    internal bool TryTake(IReadOnlyList<StockRow> rows, long quantity)
    {
        var missing = quantity;
        for (var i = 0; i < rows.Count && missing > 0; i++)
        {
            var stockId = rows[i].StockId;
            var at = taken.FindIndex(t => t.StockId == stockId);
            var before = at < 0 ? 0 : taken[at].Quantity;
            var part = Math.Min(shelf.Available(stockId) - before, missing);
            if (part > 0)
            {
                missing -= part;
                if (at < 0)
                {
                    taken.Add((stockId, part));
                }
                else
                {
                    taken[at] = (stockId, before + part);
                }
            }
        }

        return missing == 0;
    }

    /// <summary>Everything that was taken.</summary>
    internal (long StockId, long Quantity)[] ToProposal() => [.. taken];
}

/// <summary>What is thought to be available. Advice for a proposal; the statement decides.</summary>
internal interface IShelf
{
    /// <summary>How much could be held of a row; 0 or less if nothing.</summary>
    long Available(long stockId);
}
