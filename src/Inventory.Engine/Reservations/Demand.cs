using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>What a line, summed and resolved, needs of one item, and the stock rows it may be taken from.</summary>
/// <param name="LineAt">The line's place among the summed lines, from 0.</param>
/// <param name="Line">As asked, lines of one SKU and warehouse summed.</param>
/// <param name="Item">None if the SKU is not known.</param>
/// <param name="Warehouse">None if the line names none, or one that is not known.</param>
/// <param name="Rows">The candidates, in the order in which they are to be drawn on.</param>
/// <param name="Each">How much of the item one unit of the line takes.</param>
internal sealed record Demand(
    int LineAt,
    ReserveLine Line,
    ItemRows? Item,
    WarehouseRow? Warehouse,
    StockRow[] Rows,
    long Each = 1
)
{
    /// <summary>The kit that the line asks for, if this is a part of one.</summary>
    internal ItemRows? Kit { get; init; }

    /// <summary>The kit is no longer sold. No stock row tells so, because a kit has none.</summary>
    internal bool IsClosed => Kit is { KitDiscontinued: true };

    /// <summary>The line names something that is not known. It can be replayed, and not granted.</summary>
    internal bool IsUnknown => Item is null || (Line.Warehouse is not null && Warehouse is null);

    /// <summary>The line names no warehouse.</summary>
    internal bool IsAnywhere => Line.Warehouse is null;

    /// <summary>How much of the item is wanted.</summary>
    /// <param name="amounts">How much of each line; none: all.</param>
    internal long Wanted(long[]? amounts) => (amounts is null ? Line.Quantity : amounts[LineAt]) * Each;

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

        var ordered = new ReserveLine[lines.Count];
        for (var i = 0; i < ordered.Length; i++)
        {
            ordered[i] = lines[i];
        }

        Array.Sort(ordered, ByName);
        var count = 0;
        foreach (var line in ordered)
        {
            if (count > 0 && ByName(ordered[count - 1], line) == 0)
            {
                var before = ordered[count - 1];
                ordered[count - 1] = line with
                {
                    Quantity = before.Quantity + line.Quantity,
                    MinQuantity = before.MinQuantity + line.MinQuantity,
                };
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
