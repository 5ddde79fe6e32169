namespace Inventory.Engine.Scans;

/// <summary>A scan with its names resolved, as far as they are known.</summary>
/// <param name="Scan">As it came.</param>
internal sealed record ResolvedScan(NewScan Scan)
{
    public long? ItemId { get; init; }

    public int? WarehouseId { get; init; }

    public int? ToWarehouseId { get; init; }

    /// <summary>From which it takes, or into which it puts; none if there is no such row.</summary>
    public long? StockId { get; init; }

    /// <summary>Of a move, into which it puts.</summary>
    public long? ToStockId { get; init; }

    /// <summary>What is wrong with it, whatever is in stock.</summary>
    public ScanFlaw? Flaw { get; init; }

    /// <summary>Whether an item is known by its barcode, which may be another's by now.</summary>
    public bool IsByBarcode => Scan.Sku is null && Scan.Gtin is not null && ItemId is not null;
}
