namespace Inventory.Engine.Stock;

/// <summary>A row of a list as a statement reads it.</summary>
internal sealed class StockListRow
{
    /// <summary>How many rows the statement has looked at.</summary>
    public int Looked { get; init; }

    /// <summary>The last of them.</summary>
    public long Last { get; init; }

    /// <summary>None if nothing matched.</summary>
    public long? StockId { get; init; }

    public string Sku { get; init; } = "";

    public string Warehouse { get; init; } = "";

    public long OnHand { get; init; }

    public long Reserved { get; init; }

    public long Damaged { get; init; }

    public long QualityControl { get; init; }

    public long InTransit { get; init; }

    public long SafetyStock { get; init; }

    public long Waiting { get; init; }

    public long Version { get; init; }

    public long Revision { get; init; }

    public long? ReorderPoint { get; init; }

    public long? ReorderQuantity { get; init; }

    internal ListedStock ToListed() =>
        new(
            new()
            {
                StockId = StockId!.Value,
                Sku = Sku,
                Warehouse = Warehouse,
                OnHand = OnHand,
                Reserved = Reserved,
                Damaged = Damaged,
                QualityControl = QualityControl,
                InTransit = InTransit,
                SafetyStock = SafetyStock,
                Waiting = Waiting,
                Version = Version,
                Revision = Revision,
            },
            ReorderPoint,
            ReorderQuantity
        );
}
