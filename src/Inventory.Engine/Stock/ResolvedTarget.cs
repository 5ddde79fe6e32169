using Inventory.Engine.Database;

namespace Inventory.Engine.Stock;

/// <summary>What a target's names stand for, as far as they are known.</summary>
/// <param name="StockId">The row; none if there is none yet, or a name is not known.</param>
/// <param name="Item">None if the SKU is not known, or the target is named by its own id.</param>
/// <param name="Warehouse">Likewise.</param>
/// <param name="IsAmbiguous">The product that is named has several variants: none of them is meant.</param>
internal readonly record struct ResolvedTarget(
    long? StockId,
    ItemRows? Item,
    WarehouseRow? Warehouse,
    bool IsAmbiguous = false
)
{
    /// <summary>Resolves a target.</summary>
    /// <param name="target">The names.</param>
    /// <param name="cell">Who knows products.</param>
    /// <param name="directory">Who knows the other names.</param>
    /// <param name="cancellation">Ends the look-up.</param>
    internal static async ValueTask<ResolvedTarget> FindAsync(
        StockTarget target,
        Cell cell,
        StockDirectory directory,
        CancellationToken cancellation
    )
    {
        if (target.StockId is not null)
        {
            return new(target.StockId, null, null);
        }

        var sku = target.Sku;
        if (target.ProductId is { } productId)
        {
            var variants = await ProductVariants.FindAsync(cell, productId, cancellation);
            if (variants.Count > 1)
            {
                return new(null, null, null, IsAmbiguous: true);
            }

            sku = variants.Count == 1 ? variants[0].Sku : productId;
        }

        var warehouse = await directory.FindWarehouseAsync(target.Warehouse, cancellation);
        var items = await directory.FindAsync([sku], cancellation);
        var found = new ResolvedTarget(null, items.GetValueOrDefault(sku), warehouse).At();
        // What is remembered may lack a row; the tables don't.
        return found is { StockId: null, Item: not null, Warehouse: not null }
            ? await found.ReadAgainAsync(directory, cancellation)
            : found;
    }

    /// <summary>Resolves it from the tables, for whoever misses the row: another may have begun in its place.</summary>
    /// <param name="directory">Forgets what it remembers of the item.</param>
    /// <param name="cancellation">Ends the look-up.</param>
    internal async ValueTask<ResolvedTarget> ReadAgainAsync(StockDirectory directory, CancellationToken cancellation)
    {
        if (Item is null)
        {
            return this;
        }

        var items = await directory.ReadAsync([Item.Sku, PublicId.Item(Item.ItemId)], cancellation);
        return (this with { Item = items.GetValueOrDefault(Item.Sku) }).At();
    }

    private ResolvedTarget At() =>
        this with
        {
            StockId =
                Warehouse is not null && Item is not null && Item.TryGetRow(Warehouse.WarehouseId, out var row)
                    ? row.StockId
                    : null,
        };
}
