using Inventory.Engine.Database;

namespace Inventory.Engine.Availability;

/// <summary>Shows levels as callers know them: warehouses by code, and as available only what can be held.</summary>
internal static class Shelves
{
    /// <param name="item">Its SKU.</param>
    /// <param name="found">Its levels.</param>
    /// <param name="only">These warehouses; none given: all.</param>
    /// <param name="directory">For the warehouses' codes.</param>
    /// <param name="cancellation">Ends a look for a warehouse that is new.</param>
    internal static ValueTask<ItemAvailability> ShowAsync(
        ItemRows item,
        FoundLevels found,
        IReadOnlyList<WarehouseRow>? only,
        StockDirectory directory,
        CancellationToken cancellation
    )
    {
        var warehouses = directory.Warehouses;
        return Knows(warehouses, found.Levels)
            ? ValueTask.FromResult(Show(item, found, only, warehouses))
            : RefreshAndShowAsync();

        async ValueTask<ItemAvailability> RefreshAndShowAsync()
        {
            await directory.RefreshWarehousesAsync(cancellation);
            return Show(item, found, only, directory.Warehouses);
        }
    }

    /// <summary>Whether a list of warehouses has all of an item's.</summary>
    internal static bool Knows(WarehouseList warehouses, ItemLevels item)
    {
        foreach (ref readonly var row in item.Rows.AsSpan())
        {
            if (warehouses.Find(row.WarehouseId) is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What can be held of a row.</summary>
    internal static long Available(ItemLevels item, in WarehouseLevels row, WarehouseRow? warehouse) =>
        item.Discontinued || warehouse is not { Active: true } ? 0 : Math.Max(0, row.Available);

    private static ItemAvailability Show(
        ItemRows item,
        FoundLevels found,
        IReadOnlyList<WarehouseRow>? only,
        WarehouseList warehouses
    )
    {
        var rows = found.Levels.Rows;
        var shown = new ShownStock[rows.Length];
        var count = 0;
        var totals = default(ShownAmounts);
        foreach (ref readonly var row in rows.AsSpan())
        {
            if (only is { Count: > 0 } && !Contains(only, row.WarehouseId))
            {
                continue;
            }

            var warehouse = warehouses.Find(row.WarehouseId);
            var amounts = new ShownAmounts(
                row.OnHand,
                row.Reserved,
                row.Damaged,
                row.QualityControl,
                row.InTransit,
                row.SafetyStock,
                Available(found.Levels, row, warehouse),
                row.Waiting
            );
            shown[count++] = new(warehouse?.Code ?? PublicId.Warehouse(row.WarehouseId), amounts, row.Version);
            totals += amounts;
        }

        return new(item.Sku, count == shown.Length ? shown : shown[..count], totals, found.Freshness);
    }

    private static bool Contains(IReadOnlyList<WarehouseRow> warehouses, int warehouseId)
    {
        for (var i = 0; i < warehouses.Count; i++)
        {
            if (warehouses[i].WarehouseId == warehouseId)
            {
                return true;
            }
        }

        return false;
    }
}
