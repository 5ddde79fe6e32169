using Inventory.Engine.Database;

namespace Inventory.Engine.Stock;

/// <summary>What a target's names stand for, as far as they are known.</summary>
/// <param name="StockId">The row; none if there is none yet, or a name is not known.</param>
/// <param name="Item">None if the SKU is not known, or the target is named by its own id.</param>
/// <param name="Warehouse">Likewise.</param>
internal readonly record struct ResolvedTarget(long? StockId, ItemRows? Item, WarehouseRow? Warehouse)
{
    /// <summary>Resolves a target.</summary>
    /// <param name="target">The names.</param>
    /// <param name="directory">Who knows them.</param>
    /// <param name="cancellation">Ends the look-up.</param>
    internal static async ValueTask<ResolvedTarget> FindAsync(
        StockTarget target,
        StockDirectory directory,
        CancellationToken cancellation
    )
    {
        if (target.StockId is not null)
        {
            return new(target.StockId, null, null);
        }

        var warehouse = await directory.FindWarehouseAsync(target.Warehouse, cancellation);
        var items = await directory.FindAsync([target.Sku], cancellation);
        var item = items.GetValueOrDefault(target.Sku);
        if (item is not null && warehouse is not null && !item.TryGetRow(warehouse.WarehouseId, out _))
        {
            // What is remembered may lack a row; the tables don't.
            items = await directory.ReadAsync([item.Sku, PublicId.Item(item.ItemId)], cancellation);
            item = items.GetValueOrDefault(item.Sku);
        }

        return warehouse is not null && item is not null && item.TryGetRow(warehouse.WarehouseId, out var row)
            ? new(row.StockId, item, warehouse)
            : new(null, item, warehouse);
    }
}
