namespace Inventory.Engine.Catalog;

/// <summary>How an item stands. Append only; a number is never used again.</summary>
public enum ItemStatus
{
    /// <summary>More can be held than its reorder point, or it has none.</summary>
    InStock = 1,

    /// <summary>Something can be held, and no more than its reorder point.</summary>
    LowStock = 2,

    /// <summary>Nothing can be held.</summary>
    OutOfStock = 3,

    /// <summary>It is no longer sold, whatever is there.</summary>
    Discontinued = 4,
}

/// <summary>Something that is stocked: a variant of a product, known by its SKU.</summary>
public sealed record Item
{
    /// <summary>Its key.</summary>
    public required long ItemId { get; init; }

    /// <summary>The callers' own key.</summary>
    public required string Sku { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>For people; may be empty.</summary>
    public required string Description { get; init; }

    /// <summary>May be empty.</summary>
    public required string Category { get; init; }

    /// <summary>The product service's id of the product.</summary>
    public string? ProductId { get; init; }

    /// <summary>The product service's id of the variant.</summary>
    public string? VariantId { get; init; }

    /// <summary>What a customer pays for one.</summary>
    public Money? Price { get; init; }

    /// <summary>What one costs.</summary>
    public Money? UnitCost { get; init; }

    /// <summary>GTINs of fourteen digits, in order.</summary>
    public required IReadOnlyList<string> Barcodes { get; init; }

    /// <summary>What quantities count.</summary>
    public required string BaseUnit { get; init; }

    /// <summary>At or below this amount available, more is to be ordered.</summary>
    public long? ReorderPoint { get; init; }

    /// <summary>How much is ordered at a time.</summary>
    public long? ReorderQuantity { get; init; }

    /// <summary>What is kept back from sale at each warehouse.</summary>
    public required long SafetyStock { get; init; }

    /// <summary>No new reservation is granted; those held can still be confirmed.</summary>
    public required bool Discontinued { get; init; }

    /// <summary>What it is made of, by SKU, if it is a kit.</summary>
    public IReadOnlyList<Component> Components { get; init; } = [];

    /// <summary>
    /// What can be held in all active warehouses together, in base units; of a kit, as many as its parts allow.
    /// </summary>
    public required long Available { get; init; }

    /// <summary>What follows from its stock.</summary>
    public ItemStatus Status =>
        Discontinued ? ItemStatus.Discontinued
        : Available == 0 ? ItemStatus.OutOfStock
        : Available <= ReorderPoint ? ItemStatus.LowStock
        : ItemStatus.InStock;

    /// <summary>1 at first, raised by each edit.</summary>
    public required long Revision { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it was last edited, UTC.</summary>
    public required DateTime UpdatedAt { get; init; }
}
