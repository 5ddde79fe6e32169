namespace Inventory.Engine.Stock;

/// <summary>The stock of one item at one warehouse, at one moment. Amounts are in the item's base unit.</summary>
public sealed record StockRecord
{
    /// <summary>Its key.</summary>
    public required long StockId { get; init; }

    /// <summary>The item.</summary>
    public required string Sku { get; init; }

    /// <summary>The warehouse's code.</summary>
    public required string Warehouse { get; init; }

    /// <summary>What is physically there, whatever its state.</summary>
    public required long OnHand { get; init; }

    /// <summary>Held for orders; a part of on hand.</summary>
    public required long Reserved { get; init; }

    /// <summary>Cannot be sold; a part of on hand.</summary>
    public required long Damaged { get; init; }

    /// <summary>Waits for quality control; a part of on hand.</summary>
    public required long QualityControl { get; init; }

    /// <summary>On its way here; no part of on hand.</summary>
    public required long InTransit { get; init; }

    /// <summary>Kept back from sale.</summary>
    public required long SafetyStock { get; init; }

    /// <summary>What reservations that wait are to get: whoever comes later counts it as taken.</summary>
    public long Waiting { get; init; }

    /// <summary>The number of its journal rows: raised by every change.</summary>
    public required long Version { get; init; }

    /// <summary>Raised by people's edits only.</summary>
    public required long Revision { get; init; }

    /// <summary>What can be held; negative where safety stock or who waits makes it so.</summary>
    public long Available => OnHand - Reserved - Damaged - QualityControl - SafetyStock - Waiting;
}
