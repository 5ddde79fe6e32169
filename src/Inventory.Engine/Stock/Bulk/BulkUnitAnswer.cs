namespace Inventory.Engine.Stock.Bulk;

/// <summary>What became of the rows of one transaction.</summary>
internal sealed record BulkUnitAnswer
{
    /// <summary>The request id was used for other content.</summary>
    internal static readonly BulkUnitAnswer Reused = new() { IsReused = true };

    public bool IsReused { get; init; }

    /// <summary>It was found, and this time had no effect.</summary>
    public bool IsReplayed { get; init; }

    public int AppliedCount { get; init; }

    public int RefusedCount { get; init; }

    public IReadOnlyList<BulkJudged> Listed { get; init; } = [];
}

/// <summary>A row as it was judged.</summary>
/// <param name="Index">Among all rows of the call.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Target">As it was asked, or as the row is called.</param>
/// <param name="Stock">Right after the edit, or at the refusal; none if there was no row.</param>
/// <param name="Begun">The row that this transaction begins: its id is known only then.</param>
internal readonly record struct BulkJudged(
    int Index,
    EditOutcome Outcome,
    StockTarget Target,
    StockAmounts? Stock,
    BulkShelf? Begun = null
)
{
    /// <summary>With the row's id, where it has one by now.</summary>
    internal StockAmounts? Settled =>
        Begun is null ? Stock
        : Stock is null ? null
        : Stock with { StockId = Begun.StockId };
}
