using System.Text.Json;

namespace Inventory.Engine.Catalog;

/// <summary>
/// A row of the item table with its barcodes and what can be held of it, as the statements read it, and as an edit's
/// stored answer holds it: in JSON, by the columns' names.
/// </summary>
internal sealed class ItemRow
{
    private static readonly JsonSerializerOptions ByColumn = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public long ItemId { get; init; }

    public required string Sku { get; init; }

    public string? ProductId { get; init; }

    public string? VariantId { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Category { get; init; }

    public decimal? Price { get; init; }

    public string? PriceCurrency { get; init; }

    public decimal? UnitCost { get; init; }

    public string? UnitCostCurrency { get; init; }

    public required string BaseUnit { get; init; }

    public long? ReorderPoint { get; init; }

    public long? ReorderQuantity { get; init; }

    public long SafetyStock { get; init; }

    public bool Discontinued { get; init; }

    public long Revision { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }

    public string[] Barcodes { get; init; } = [];

    /// <summary>The SKUs of the parts of a kit, in order.</summary>
    public string[]? ComponentSkus { get; init; }

    /// <summary>How much of each part.</summary>
    public long[]? ComponentQuantities { get; init; }

    public long Available { get; init; }

    internal static ItemRow Parse(string answer) => JsonSerializer.Deserialize<ItemRow>(answer, ByColumn)!;

    internal Item ToItem() =>
        new()
        {
            ItemId = ItemId,
            Sku = Sku,
            Name = Name,
            Description = Description,
            Category = Category,
            ProductId = ProductId,
            VariantId = VariantId,
            Price = ToMoney(Price, PriceCurrency),
            UnitCost = ToMoney(UnitCost, UnitCostCurrency),
            Barcodes = Barcodes,
            Components = [.. (ComponentSkus ?? []).Select((sku, i) => new Component(sku, ComponentQuantities![i]))],
            BaseUnit = BaseUnit,
            ReorderPoint = ReorderPoint,
            ReorderQuantity = ReorderQuantity,
            SafetyStock = SafetyStock,
            Discontinued = Discontinued,
            Revision = Revision,
            Available = Available,
            CreatedAt = CreatedAt.ToUniversalTime(),
            UpdatedAt = UpdatedAt.ToUniversalTime(),
        };

    private static Money? ToMoney(decimal? amount, string? currency) =>
        amount is { } a && currency is not null ? new Money(a, currency) : null;
}
