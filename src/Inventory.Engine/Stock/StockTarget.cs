namespace Inventory.Engine.Stock;

/// <summary>Names a stock row: by its own id, or by an item and a warehouse.</summary>
public sealed record StockTarget
{
    private StockTarget() { }

    /// <summary>The row's key, if it is named so.</summary>
    public long? StockId { get; private init; }

    /// <summary>SKU or item id.</summary>
    public string Sku { get; private init; } = "";

    /// <summary>
    /// The product service's id of a product of one variant, or SKU or item id, if it is named so; <see cref="Sku"/> is
    /// empty then.
    /// </summary>
    public string? ProductId { get; private init; }

    /// <summary>Warehouse code or id.</summary>
    public string Warehouse { get; private init; } = "";

    /// <summary>By its own id.</summary>
    public static StockTarget Row(long stockId) => new() { StockId = stockId };

    /// <summary>By SKU or item id, and warehouse code or id. The row need not be there yet.</summary>
    public static StockTarget At(string sku, string warehouse) => new() { Sku = sku, Warehouse = warehouse };

    /// <summary>
    /// By the product service's id, or by what <see cref="At"/> takes. The product has one variant only.
    /// </summary>
    public static StockTarget OfProduct(string productId, string warehouse) =>
        new() { ProductId = productId, Warehouse = warehouse };
}
