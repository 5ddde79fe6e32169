using Inventory.Engine.Database;

namespace Inventory.Engine.Availability;

/// <summary>An item's stock beside all that a cart asks of it.</summary>
internal sealed class CartStock(ItemLevels item)
{
    private readonly Dictionary<int, long> asked = [];
    private long askedAnywhere;

    internal ItemLevels Item => item;

    internal void Ask(WarehouseRow? warehouse, long quantity)
    {
        if (warehouse is null)
        {
            askedAnywhere += quantity;
        }
        else
        {
            asked[warehouse.WarehouseId] = asked.GetValueOrDefault(warehouse.WarehouseId) + quantity;
        }
    }

    /// <summary>All that is asked of one warehouse by name, or of any.</summary>
    internal long Asked(WarehouseRow? warehouse) =>
        warehouse is null ? askedAnywhere : asked.GetValueOrDefault(warehouse.WarehouseId);

    /// <summary>What one warehouse has; or what all have together beside what is asked of them by name.</summary>
    internal long Available(WarehouseRow? warehouse, WarehouseList warehouses)
    {
        var sum = 0L;
        foreach (var row in item.Rows)
        {
            var available = Shelves.Available(item, row, warehouses.Find(row.WarehouseId));
            if (warehouse is null)
            {
                sum += available - Math.Min(available, asked.GetValueOrDefault(row.WarehouseId));
            }
            else if (warehouse.WarehouseId == row.WarehouseId)
            {
                return available;
            }
        }

        return sum;
    }
}
