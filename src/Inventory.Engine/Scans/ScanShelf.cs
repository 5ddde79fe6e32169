using Inventory.Engine.Database;
using Inventory.Engine.Stock;

namespace Inventory.Engine.Scans;

/// <summary>A stock row in the hands of a batch: as it was read, and as the scans so far have left it.</summary>
internal sealed class ScanShelf
{
    // By property, as Dapper fills them.
    public long StockId { get; init; }

    public long ItemId { get; init; }

    public int WarehouseId { get; init; }

    public bool Discontinued { get; init; }

    public long OnHand { get; private set; }

    public long Reserved { get; init; }

    public long Damaged { get; private set; }

    public long QualityControl { get; private set; }

    public long SafetyStock { get; init; }

    public long Waiting { get; init; }

    public long Version { get; private set; }

    public long Revision { get; private set; }

    internal bool IsChanged { get; private set; }

    /// <summary>
    /// What can be taken from a state. A scan tells what has happened, so neither safety stock nor who waits is in its
    /// way; what is reserved is.
    /// </summary>
    internal long Takeable(StockState state) =>
        state switch
        {
            StockState.Available => OnHand - Reserved - Damaged - QualityControl,
            StockState.Damaged => Damaged,
            StockState.QualityControl => QualityControl,
        };

    /// <returns>The journal row that tells of it, but for its place.</returns>
    internal ScanChange Apply(NewScan scan, Guid scanId, long quantity, JournalKind kind)
    {
        var damaged = scan.State == StockState.Damaged ? quantity : 0;
        var qualityControl = scan.State == StockState.QualityControl ? quantity : 0;
        OnHand += quantity;
        Damaged += damaged;
        QualityControl += qualityControl;
        Version++;
        // As a reservation's sale, a sale is no edit that somebody else's edit must know of.
        Revision += kind == JournalKind.ScanSold || IsRevised ? 0 : 1;
        IsRevised |= kind != JournalKind.ScanSold;
        IsChanged = true;
        return new(StockId, Version, scanId, quantity, damaged, qualityControl, kind, scan.JournalReason);
    }

    internal StockLevel ToLevel() =>
        new(
            StockId,
            ItemId,
            WarehouseId,
            OnHand,
            Reserved,
            OnHand - Reserved - Damaged - QualityControl - SafetyStock - Waiting,
            Version
        );

    private bool IsRevised { get; set; }
}

/// <summary>What the journal is to keep of one scan at one stock row.</summary>
internal readonly record struct ScanChange(
    long StockId,
    long Version,
    Guid ScanId,
    long OnHand,
    long Damaged,
    long QualityControl,
    JournalKind Kind,
    string? Reason
);
