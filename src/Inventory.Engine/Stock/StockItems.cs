using Inventory.Engine.Database;

namespace Inventory.Engine.Stock;

/// <summary>Which items a read is about.</summary>
public sealed record StockItems
{
    private StockItems() { }

    /// <summary>SKU or item id, or the product service's id.</summary>
    public string Name { get; private init; } = "";

    /// <summary>Whether the name may be the product service's id, and stand for all variants.</summary>
    public bool IsProduct { get; private init; }

    /// <summary>One item, by SKU or id.</summary>
    public static StockItems Item(string skuOrId) => new() { Name = skuOrId };

    /// <summary>All variants of a product; where no product has the id, the item with that id or SKU.</summary>
    public static StockItems Product(string productId) => new() { Name = productId, IsProduct = true };

    internal async ValueTask<IReadOnlyList<(long ItemId, string Sku)>> FindAsync(
        Cell cell,
        StockDirectory directory,
        CancellationToken cancellation
    )
    {
        if (IsProduct)
        {
            return await ProductVariants.FindAsync(cell, Name, cancellation);
        }

        var items = await directory.FindAsync([Name], cancellation);
        return items.TryGetValue(Name, out var item) ? [(item.ItemId, item.Sku)] : [];
    }
}
