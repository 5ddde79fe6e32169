namespace Inventory.Engine.Counts;

/// <summary>A line as the statements read it.</summary>
internal sealed class CountLineRow
{
    public Guid CountId { get; init; }

    public string Warehouse { get; init; } = "";

    public long ItemId { get; init; }

    public string Sku { get; init; } = "";

    public int State { get; init; }

    public long? Counted { get; init; }

    public long? Expected { get; init; }

    public long? StockVersion { get; init; }

    public string? Value { get; init; }

    public string? Currency { get; init; }

    public DateTime? CountedAt { get; init; }

    public string? CountedBy { get; init; }

    public DateTime? ApprovedAt { get; init; }

    public string? ApprovedBy { get; init; }

    internal CountLine ToLine() =>
        new()
        {
            ItemId = ItemId,
            Sku = Sku,
            State = (CountedState)State,
            Counted = Counted,
            Expected = Expected,
            StockVersion = StockVersion,
            Value = Value,
            Currency = Currency,
            CountedAt = CountedAt,
            CountedBy = CountedBy,
            ApprovedAt = ApprovedAt,
            ApprovedBy = ApprovedBy,
        };
}
