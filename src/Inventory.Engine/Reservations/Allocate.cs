using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Chooses the rows from which lines are drawn, by the request's source. Pure: the same shelf gives the same choice.
/// Whether there is one does not depend on the source.
/// </summary>
internal static class Allocate
{
    /// <param name="demands">
    /// What is wanted, all known. Lines that name their warehouse are served before lines that do not.
    /// </param>
    /// <param name="amounts">How much of each line; none: all.</param>
    /// <param name="source">How to choose.</param>
    /// <param name="warehouses">Their order, where it counts.</param>
    /// <param name="shelf">What is thought to be there.</param>
    /// <returns>One element a row; none if the shelf has too little.</returns>
    internal static (long StockId, long Quantity)[]? From(
        Demand[] demands,
        long[]? amounts,
        ReserveSource source,
        WarehouseList warehouses,
        IShelf shelf
    )
    {
        var draw = new Draw(shelf, demands.Length);
        foreach (var demand in demands)
        {
            if (!demand.IsAnywhere && !draw.TryTake(demand, amounts))
            {
                return null;
            }
        }

        var fits = source switch
        {
            ReserveSource.Priority => TakeByPriority(demands, amounts, draw),
            ReserveSource.FewestSplits => FewestSplits.TryTake(demands, amounts, draw, warehouses),
            ReserveSource.HighestStock => HighestStock.TryTake(demands, amounts, draw),
        };
        return fits ? draw.ToProposal() : null;
    }

    private static bool TakeByPriority(Demand[] demands, long[]? amounts, Draw draw)
    {
        foreach (var demand in demands)
        {
            if (demand.IsAnywhere && !draw.TryTake(demand, amounts))
            {
                return false;
            }
        }

        return true;
    }
}
