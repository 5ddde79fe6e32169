using Inventory.Engine.Database;

namespace Inventory.Engine.Replenishment;

/// <summary>The keys of an item and a warehouse that a filter names, or what is not known of them.</summary>
internal sealed record ReorderNames(long? ItemId, int? WarehouseId, ListReordersOutcome? Unknown)
{
    internal static async Task<ReorderNames> FindAsync(
        StockDirectory directory,
        string? sku,
        string? warehouse,
        CancellationToken cancellation
    )
    {
        var item = sku is null ? null : (await directory.FindAsync([sku], cancellation)).GetValueOrDefault(sku);
        if (sku is not null && item is null)
        {
            return new(null, null, ListReordersOutcome.SkuUnknown);
        }

        var place = warehouse is null ? null : await directory.FindWarehouseAsync(warehouse, cancellation);
        return warehouse is not null && place is null
            ? new(null, null, ListReordersOutcome.WarehouseUnknown)
            : new(item?.ItemId, place?.WarehouseId, null);
    }
}
