namespace Inventory.Engine.Stock.Bulk;

/// <summary>What became of a call. Append only; a number is never used again.</summary>
public enum BulkOutcome
{
    /// <summary>Every row is applied; of a dry run: would be.</summary>
    Applied = 1,

    /// <summary>With <see cref="BulkOnError.Continue"/>: some were refused, the others are applied.</summary>
    WithRefusals = 2,

    /// <summary>With <see cref="BulkOnError.Abort"/>: some cannot be applied, so none is.</summary>
    Aborted = 3,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 4,

    /// <summary>Too many rows wait on this server; nothing was tried.</summary>
    Overloaded = 5,

    /// <summary>More rows than a call may have; nothing was tried.</summary>
    TooManyRows = 6,
}

/// <summary>The answer to a call.</summary>
public sealed record BulkAnswer
{
    /// <summary>What became of it.</summary>
    public required BulkOutcome Outcome { get; init; }

    /// <summary>How many rows are applied.</summary>
    public int AppliedCount { get; init; }

    /// <summary>How many sound rows were refused.</summary>
    public int RefusedCount { get; init; }

    /// <summary>The call had its whole effect before; this one had none.</summary>
    public bool Replayed { get; init; }

    /// <summary>
    /// In the order of the rows. Of every sound row, or of those that were refused: at most <see
    /// cref="BulkEditStock.ListedMax"/> then.
    /// </summary>
    public IReadOnlyList<BulkResult> Results { get; init; } = [];
}

/// <summary>What became of a row.</summary>
/// <param name="Index">From 0, among all rows of the call.</param>
/// <param name="Outcome">
/// One of a single edit's. <see cref="EditOutcome.Edited"/> in a call that was aborted: it could have been applied.
/// </param>
/// <param name="Target">As it was asked, or as the row is called.</param>
/// <param name="Stock">As it was right after the edit, or when it was refused; none if there was no row.</param>
public sealed record BulkResult(int Index, EditOutcome Outcome, StockTarget Target, StockRecord? Stock);
