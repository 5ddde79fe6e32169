namespace Inventory.Engine.Database;

/// <summary>
/// An item and its stock rows, as last read. Ids and codes never change; rows may have been added since.
/// </summary>
/// <param name="ItemId">The item's key.</param>
/// <param name="Sku">The item's SKU.</param>
/// <param name="Rows">One row a warehouse, in no order.</param>
public sealed record ItemRows(long ItemId, string Sku, StockRow[] Rows)
{
    private Ranking? ranking;

    /// <summary>
    /// What it is made of, if it is a kit, which has no rows of its own. It may have been changed since: whoever grants
    /// by it reads it anew.
    /// </summary>
    public IReadOnlyList<KitPart> Parts { get; init; } = [];

    /// <summary>Of a kit, whether it is no longer sold; of others, their rows tell.</summary>
    public bool KitDiscontinued { get; init; }

    /// <summary>Whether it is made of others. It was from the beginning, or never is.</summary>
    public bool IsKit => Parts.Count > 0;

    private sealed record Ranking(WarehouseList Warehouses, StockRow[] Rows);

    /// <summary>The rows, the warehouse with the lowest priority number first, then by its code.</summary>
    public StockRow[] ByPriority(WarehouseList warehouses)
    {
        if (Rows.Length < 2)
        {
            return Rows;
        }

        var known = ranking;
        if (known is null || !ReferenceEquals(known.Warehouses, warehouses))
        {
            StockRow[] rows = [.. Rows.OrderBy(r => warehouses.Rank(r.WarehouseId))];
            ranking = known = new Ranking(warehouses, rows);
        }

        return known.Rows;
    }

    /// <summary>The row of one warehouse, if there is one.</summary>
    public bool TryGetRow(int warehouseId, out StockRow row)
    {
        foreach (var candidate in Rows)
        {
            if (candidate.WarehouseId == warehouseId)
            {
                row = candidate;
                return true;
            }
        }

        row = default;
        return false;
    }
}

/// <summary>A part of a kit.</summary>
/// <param name="ItemId">The part.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Quantity">How much of it is in one kit.</param>
public readonly record struct KitPart(long ItemId, string Sku, long Quantity);

/// <summary>The keys of a stock row.</summary>
/// <param name="StockId">The row's key.</param>
/// <param name="WarehouseId">Where it is.</param>
public readonly record struct StockRow(long StockId, int WarehouseId);
