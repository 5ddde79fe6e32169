namespace Inventory.Engine.Counts;

/// <summary>What of an item a line counts. Its numbers are the table's; append only.</summary>
public enum CountedState
{
    /// <summary>All that is there: sellable, reserved, damaged and in quality control.</summary>
    Total = 1,

    /// <summary>What is neither damaged nor in quality control; what is reserved is part of it.</summary>
    Available = 2,

    /// <summary>What is damaged.</summary>
    Damaged = 3,

    /// <summary>What quality control has.</summary>
    QualityControl = 4,
}

/// <summary>A line of a count: an item, and what of it is counted. Amounts are in its base unit.</summary>
public sealed record CountLine
{
    /// <summary>The item's key.</summary>
    public long ItemId { get; init; }

    /// <summary>The item.</summary>
    public string Sku { get; init; } = "";

    /// <summary>What of it is counted.</summary>
    public CountedState State { get; init; }

    /// <summary>What was found; none while it is not counted, and so with all that follows.</summary>
    public long? Counted { get; init; }

    /// <summary>What the stock said at that moment.</summary>
    public long? Expected { get; init; }

    /// <summary>The stock row's version at that moment.</summary>
    public long? StockVersion { get; init; }

    /// <summary>What was found beyond what was expected; negative where it was less.</summary>
    public long? Difference => Counted - Expected;

    /// <summary>
    /// The difference, without its sign, at the item's unit cost of that moment: an exact decimal. None where there was
    /// no cost.
    /// </summary>
    public string? Value { get; init; }

    /// <summary>The currency of the value; ISO 4217.</summary>
    public string? Currency { get; init; }

    /// <summary>When it was recorded, by the database's clock, UTC.</summary>
    public DateTime? CountedAt { get; init; }

    /// <summary>Who recorded it.</summary>
    public string? CountedBy { get; init; }

    /// <summary>When the difference was added to the stock.</summary>
    public DateTime? ApprovedAt { get; init; }

    /// <summary>Who approved it.</summary>
    public string? ApprovedBy { get; init; }
}
