namespace Inventory.Engine.Reservations;

/// <summary>One line of what was asked, lines of one SKU and warehouse summed.</summary>
internal sealed record TermLine
{
    /// <summary>The item's SKU, whatever it was asked by.</summary>
    public required string Sku { get; init; }

    public long ItemId { get; init; }

    /// <summary>The warehouse's code; none: any.</summary>
    public string? Warehouse { get; init; }

    public int? WarehouseId { get; init; }

    public long Quantity { get; init; }

    public long MinQuantity { get; init; }

    /// <summary>How much of <see cref="Quantity"/> was granted.</summary>
    public long Held { get; init; }

    internal static TermLine Of(Demand demand, long held) =>
        new()
        {
            Sku = demand.Item!.Sku,
            ItemId = demand.Item.ItemId,
            Warehouse = demand.Warehouse?.Code,
            WarehouseId = demand.Warehouse?.WarehouseId,
            Quantity = demand.Line.Quantity,
            MinQuantity = demand.Line.MinQuantity,
            Held = held,
        };
}
