using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Draws on the warehouse that has the most, so that stock evens out; the next only where that has too little.
/// </summary>
internal static class HighestStock
{
    internal static bool TryTake(Demand[] demands, long[]? amounts, Draw draw)
    {
        foreach (var demand in demands)
        {
            if (demand.IsAnywhere && !draw.TryTake(demand with { Rows = InOrder(demand.Rows, draw) }, amounts))
            {
                return false;
            }
        }

        return true;
    }

    // The sort is stable and the rows stand by priority and code: equal ones stay in that order.
    private static StockRow[] InOrder(StockRow[] rows, Draw draw) =>
        rows.Length < 2 ? rows : [.. rows.OrderByDescending(r => draw.Left(r.StockId))];
}
