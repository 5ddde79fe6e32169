using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Shares out the lines of a request, which name SKUs and perhaps warehouses, over a reservation's stock rows.
/// </summary>
/// <param name="owners">What each of the reservation's lines is, in their order.</param>
/// <param name="open">How much of a line there is to take.</param>
internal sealed class LineShares(IReadOnlyList<StockOwner> owners, Func<int, long> open)
{
    private readonly long[] taken = new long[owners.Count];

    /// <summary>All there is.</summary>
    internal long[] TakeAll() => [.. owners.Select((_, i) => open(i))];

    /// <summary>
    /// Takes each line's quantity: lines that name a warehouse first, the others from what these leave, in the order of
    /// the stock rows.
    /// </summary>
    /// <param name="lines">By SKU and warehouse code; lines of the same are summed.</param>
    /// <param name="refusals">Gets each line that asks for more than there is.</param>
    internal long[] Take(IReadOnlyList<ReserveLine> lines, List<PartRefusal> refusals)
    {
        foreach (var line in Demand.Sum(lines).OrderBy(l => l.Warehouse is null))
        {
            var missing = line.Quantity;
            for (var i = 0; i < taken.Length && missing > 0; i++)
            {
                if (IsOf(line, owners[i]))
                {
                    var part = Math.Min(missing, open(i) - taken[i]);
                    taken[i] += part;
                    missing -= part;
                }
            }

            if (missing > 0)
            {
                refusals.Add(new(line.Sku, line.Warehouse, line.Quantity, line.Quantity - missing));
            }
        }

        return taken;
    }

    private static bool IsOf(ReserveLine line, StockOwner owner) =>
        line.Sku == owner.Sku && (line.Warehouse is null || line.Warehouse == owner.Warehouse);
}
