namespace Inventory.Server.Demo;

internal sealed record DemoItem
{
    public const string Currency = "EUR";

    public required string Sku { get; init; }

    public required string Gtin { get; init; }

    public required string ProductId { get; init; }

    public required string VariantId { get; init; }

    public required string Name { get; init; }

    public required string Category { get; init; }

    public required string Description { get; init; }

    public required decimal Price { get; init; }

    public required decimal UnitCost { get; init; }

    public required long ReorderPoint { get; init; }

    public required long ReorderQuantity { get; init; }

    public required long SafetyStock { get; init; }

    public required IReadOnlyList<DemoShelf> Shelves { get; init; }
}

/// <summary>What a warehouse has of an item; the damaged are among those on hand.</summary>
internal readonly record struct DemoShelf(string Warehouse, long OnHand, long Damaged);
