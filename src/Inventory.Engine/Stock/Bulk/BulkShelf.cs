namespace Inventory.Engine.Stock.Bulk;

/// <summary>A stock row in the hands of a call: as it was read, and as the call's rows have left it so far.</summary>
internal sealed class BulkShelf
{
    // By property, as Dapper fills them.
    public long StockId { get; set; }

    public long ItemId { get; init; }

    public int WarehouseId { get; init; }

    public bool Discontinued { get; init; }

    public long OnHand { get; set; }

    public long Reserved { get; init; }

    public long Damaged { get; init; }

    public long QualityControl { get; init; }

    public long InTransit { get; init; }

    public long SafetyStock { get; init; }

    public long Waiting { get; init; }

    public long Version { get; set; }

    public long Revision { get; set; } = 1;

    /// <summary>The warehouse takes nothing in.</summary>
    internal bool IsShut { get; set; }

    /// <summary>It is not there yet, and the first row that may begin it does.</summary>
    internal bool IsToBegin { get; set; }

    /// <summary>It was not there when the call began.</summary>
    internal bool IsNew { get; init; }

    internal List<BulkChange>? Changes { get; private set; }

    /// <summary>What the rules of a single edit say, in their order; they are <see cref="EditStatement"/>'s.</summary>
    internal EditOutcome Judge(in BulkLine line)
    {
        var wanted = line.Kind == EditKind.Set ? line.Amount : OnHand + line.Amount;
        return line switch
        {
            _ when IsToBegin && !line.MayOpen => EditOutcome.StockUnknown,
            { Expected: { } expected } when expected != Revision => EditOutcome.VersionConflict,
            { Kind: EditKind.Add } when Discontinued => EditOutcome.ItemDiscontinued,
            { Kind: EditKind.Add } when IsShut => EditOutcome.WarehouseInactive,
            _ when wanted < Reserved + Damaged + QualityControl => EditOutcome.StockShort,
            _ when wanted > StockEdit.QuantityMax => EditOutcome.TooMuch,
            _ => Apply(line, wanted),
        };
    }

    /// <summary>As it is now.</summary>
    internal StockAmounts? Now() =>
        IsToBegin
            ? null
            : new StockAmounts
            {
                StockId = StockId,
                OnHand = OnHand,
                Reserved = Reserved,
                Damaged = Damaged,
                QualityControl = QualityControl,
                InTransit = InTransit,
                SafetyStock = SafetyStock,
                Waiting = Waiting,
                Version = Version,
                Revision = Revision,
            };

    internal Database.StockLevel ToLevel() =>
        new(
            StockId,
            ItemId,
            WarehouseId,
            OnHand,
            Reserved,
            OnHand - Reserved - Damaged - QualityControl - SafetyStock - Waiting,
            Version
        );

    private EditOutcome Apply(in BulkLine line, long wanted)
    {
        IsToBegin = false;
        Version++;
        Revision++;
        (Changes ??= []).Add(new(Version, wanted - OnHand, line.Kind, line.Reason));
        OnHand = wanted;
        return EditOutcome.Edited;
    }
}

/// <summary>What the journal is to keep of one edit.</summary>
internal readonly record struct BulkChange(long Version, long Delta, EditKind Kind, string? Reason);
