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

    /// <summary>Of a kit: what it was made of when it was granted.</summary>
    public IReadOnlyList<TermPart>? Parts { get; init; }

    internal static TermLine Of(Demand[] demands, long held)
    {
        var (line, kit) = (demands[0].Line, demands[0].Kit);
        var item = kit ?? demands[0].Item!;
        return new()
        {
            Sku = item.Sku,
            ItemId = item.ItemId,
            Warehouse = demands[0].Warehouse?.Code,
            WarehouseId = demands[0].Warehouse?.WarehouseId,
            Quantity = line.Quantity,
            MinQuantity = line.MinQuantity,
            Held = held,
            Parts = kit is null ? null : [.. demands.Select(d => new TermPart(d.Item!.Sku, d.Item.ItemId, d.Each))],
        };
    }

    /// <summary>What was granted, by the SKUs that have stock.</summary>
    internal IEnumerable<(string Sku, long Quantity)> Needs() =>
        Parts is null ? [(Sku, Held)] : Parts.Select(p => (p.Sku, Held * p.Each));
}

/// <summary>A part of a kit.</summary>
/// <param name="Sku">Its SKU.</param>
/// <param name="ItemId">The part.</param>
/// <param name="Each">How much of it is in one kit.</param>
internal sealed record TermPart(string Sku, long ItemId, long Each);
