namespace Inventory.Engine.Replenishment;

/// <summary>Where a reorder stands. Append only; a number is never used again.</summary>
public enum ReorderState
{
    /// <summary>Somebody has to decide.</summary>
    Suggested = 1,

    /// <summary>It is on order.</summary>
    Approved = 2,

    /// <summary>All has come.</summary>
    Received = 3,

    /// <summary>The rest will not come.</summary>
    Closed = 4,

    /// <summary>The suggestion was turned down.</summary>
    Rejected = 5,

    /// <summary>It was on order, and is not wanted any more.</summary>
    Cancelled = 6,
}

/// <summary>A suggestion to order, and the order that came of it. Amounts are in the item's base unit.</summary>
public sealed record Reorder
{
    /// <summary>Its id.</summary>
    public required Guid ReorderId { get; init; }

    /// <summary>The item's key.</summary>
    public required long ItemId { get; init; }

    /// <summary>The item's SKU.</summary>
    public required string Sku { get; init; }

    /// <summary>The warehouse's key.</summary>
    public required int WarehouseId { get; init; }

    /// <summary>The warehouse's code.</summary>
    public required string Warehouse { get; init; }

    /// <summary>Where it stands.</summary>
    public required ReorderState State { get; init; }

    /// <summary>How much.</summary>
    public required long Quantity { get; init; }

    /// <summary>What has come; more than the quantity where an excess was taken.</summary>
    public required long Received { get; init; }

    /// <summary>What is to come.</summary>
    public long Outstanding => State == ReorderState.Approved ? Quantity - Received : 0;

    /// <summary>What was there and on its way when it was suggested.</summary>
    public required long Position { get; init; }

    /// <summary>The point that the position was not above.</summary>
    public required long ReorderPoint { get; init; }

    /// <summary>From the approval to the receipt, as the policy had it.</summary>
    public required int LeadTimeDays { get; init; }

    /// <summary>By an automatic policy.</summary>
    public required bool Automatic { get; init; }

    /// <summary>From whom it is bought, as the policy had it.</summary>
    public required string Source { get; init; }

    /// <summary>Starts at 1 and rises by one with each change.</summary>
    public required long Version { get; init; }

    /// <summary>By the database's clock, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it was approved.</summary>
    public DateTime? ApprovedAt { get; init; }

    /// <summary>Who approved it.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>When it is to come.</summary>
    public DateTime? ExpectedAt { get; init; }

    /// <summary>When it was received whole, closed, rejected or cancelled.</summary>
    public DateTime? EndedAt { get; init; }

    /// <summary>Who ended it.</summary>
    public string? EndedBy { get; init; }

    /// <summary>What was given as the reason for its last step.</summary>
    public string? Reason { get; init; }
}
