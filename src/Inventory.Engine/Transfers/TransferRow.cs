using Inventory.Engine.Database;

namespace Inventory.Engine.Transfers;

/// <summary>What a statement that makes or moves a transfer answers.</summary>
internal sealed class TransferRow
{
    /// <summary>
    /// A number beside those of <see cref="TransferOutcome"/>: all is well, but the target has no row for the item yet.
    /// </summary>
    internal const int RowMissing = 99;

    public int Outcome { get; init; }

    /// <summary>The transfer as JSON, if there is one to show.</summary>
    public string? Answer { get; init; }

    /// <summary>The source's row, if there is one.</summary>
    public long? FromStockId { get; init; }

    /// <summary>What the source can give; 0 if it has no row.</summary>
    public long Available { get; init; }

    /// <summary>What holds past their time, which no sweep has met, would give back there.</summary>
    public long Due { get; init; }

    /// <summary>What was to go; 0 if it is not known.</summary>
    public long Asked { get; init; }

    public long[]? StockIds { get; init; }

    public long[]? ItemIds { get; init; }

    public int[]? WarehouseIds { get; init; }

    public long[]? OnHand { get; init; }

    public long[]? Reserved { get; init; }

    public long[]? Levels { get; init; }

    public long[]? Versions { get; init; }

    internal Transfer? Transfer => Answer is null ? null : StoredTransfer.Parse(Answer).ToTransfer();

    /// <summary>What the source could give, where that is too little.</summary>
    internal long ShortOf => Outcome == (int)TransferOutcome.StockShort ? Available : 0;

    /// <summary>Holds whose time has come are in the way, and nothing else.</summary>
    internal bool IsHeldByDue => Outcome == (int)TransferOutcome.StockShort && Due > 0 && Available + Due >= Asked;

    /// <summary>The rows that it changed.</summary>
    internal IReadOnlyList<StockLevel> Changed() =>
        StockIds is null
            ? []
            :
            [
                .. StockIds.Select(
                    (id, i) =>
                        new StockLevel(
                            id,
                            ItemIds![i],
                            WarehouseIds![i],
                            OnHand![i],
                            Reserved![i],
                            Levels![i],
                            Versions![i]
                        )
                ),
            ];
}
