using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>A line, summed and resolved: what is wanted, and the stock rows it may be taken from.</summary>
/// <param name="Line">As asked, lines of one SKU and warehouse summed.</param>
/// <param name="Item">None if the SKU is not known.</param>
/// <param name="Warehouse">None if the line names none, or one that is not known.</param>
/// <param name="Rows">The candidates, in the order in which they are to be drawn on.</param>
internal sealed record Demand(ReserveLine Line, ItemRows? Item, WarehouseRow? Warehouse, StockRow[] Rows)
{
    /// <summary>The line names something that is not known. It can be replayed, and not granted.</summary>
    internal bool IsUnknown => Item is null || (Line.Warehouse is not null && Warehouse is null);

    /// <summary>
    /// Sums lines of one SKU and warehouse, in the order of their names: the same request has the same form however
    /// its lines stand.
    /// </summary>
    internal static IReadOnlyList<ReserveLine> Sum(IReadOnlyList<ReserveLine> lines)
    {
        if (lines.Count == 1)
        {
            return lines;
        }

        var ordered = lines.ToArray();
        Array.Sort(ordered, ByName);
        var count = 0;
        foreach (var line in ordered)
        {
            if (count > 0 && ByName(ordered[count - 1], line) == 0)
            {
                ordered[count - 1] = line with { Quantity = ordered[count - 1].Quantity + line.Quantity };
            }
            else
            {
                ordered[count++] = line;
            }
        }

        return new ArraySegment<ReserveLine>(ordered, 0, count);
    }

    private static int ByName(ReserveLine a, ReserveLine b)
    {
        var order = string.CompareOrdinal(a.Sku, b.Sku);
        return order != 0 ? order : string.CompareOrdinal(a.Warehouse, b.Warehouse);
    }
}
