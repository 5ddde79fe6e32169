namespace Inventory.Engine.Counts;

/// <summary>Where a count stands. Its numbers are the table's; append only.</summary>
public enum CountState
{
    /// <summary>It is being counted, and approved line by line.</summary>
    Open = 1,

    /// <summary>Every line is counted and approved.</summary>
    Approved = 2,

    /// <summary>It was given up; what was approved stays.</summary>
    Cancelled = 3,
}

/// <summary>A physical count of a warehouse, or of some of its items.</summary>
public sealed record StockCount
{
    /// <summary>Its key.</summary>
    public required Guid CountId { get; init; }

    /// <summary>The warehouse's key.</summary>
    public required int WarehouseId { get; init; }

    /// <summary>The warehouse's code.</summary>
    public required string Warehouse { get; init; }

    /// <summary>Where it stands.</summary>
    public required CountState State { get; init; }

    /// <summary>Whether it is of all items of the warehouse.</summary>
    public required bool Whole { get; init; }

    /// <summary>Whether who counts is not told what is expected.</summary>
    public required bool Blind { get; init; }

    /// <summary>Starts at 1 and rises by one with each recording, approval and end.</summary>
    public required long Version { get; init; }

    /// <summary>Who made it.</summary>
    public required string Caller { get; init; }

    /// <summary>The request that made it.</summary>
    public required string RequestId { get; init; }

    /// <summary>Why it is made, if that was said.</summary>
    public string? Reason { get; init; }

    /// <summary>By the database's clock, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When all was approved, or it was given up.</summary>
    public DateTime? EndedAt { get; init; }
}
