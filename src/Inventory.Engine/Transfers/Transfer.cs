namespace Inventory.Engine.Transfers;

/// <summary>Where a transfer stands. Its numbers are the table's; append only.</summary>
public enum TransferState
{
    /// <summary>Planned: nothing has left.</summary>
    Pending = 1,

    /// <summary>Shipped, and not all has arrived.</summary>
    InTransit = 2,

    /// <summary>All that was shipped has arrived, but for what was lost.</summary>
    Completed = 3,

    /// <summary>Given up: what was on its way is back at its source.</summary>
    Cancelled = 4,
}

/// <summary>A quantity of one item that goes from one warehouse to another. Amounts are in its base unit.</summary>
public sealed record Transfer
{
    /// <summary>Its key.</summary>
    public required Guid TransferId { get; init; }

    /// <summary>The item's key.</summary>
    public required long ItemId { get; init; }

    /// <summary>The item.</summary>
    public required string Sku { get; init; }

    /// <summary>The source's key.</summary>
    public required int FromWarehouseId { get; init; }

    /// <summary>The source's code.</summary>
    public required string FromWarehouse { get; init; }

    /// <summary>The target's key.</summary>
    public required int ToWarehouseId { get; init; }

    /// <summary>The target's code.</summary>
    public required string ToWarehouse { get; init; }

    /// <summary>Where it stands.</summary>
    public required TransferState State { get; init; }

    /// <summary>How much.</summary>
    public required long Quantity { get; init; }

    /// <summary>What has arrived.</summary>
    public required long Received { get; init; }

    /// <summary>What was given up as lost on the way.</summary>
    public required long Lost { get; init; }

    /// <summary>What was on its way, and is back at the source.</summary>
    public required long Returned { get; init; }

    /// <summary>What is on its way.</summary>
    public long InTransit => ShippedAt is null ? 0 : Quantity - Received - Lost - Returned;

    /// <summary>Starts at 1 and rises by one with each step.</summary>
    public required long Version { get; init; }

    /// <summary>Who made it.</summary>
    public required string Caller { get; init; }

    /// <summary>The request that made it.</summary>
    public required string RequestId { get; init; }

    /// <summary>The reason that was given when it was made.</summary>
    public string? Reason { get; init; }

    /// <summary>By the database's clock, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it left the source.</summary>
    public DateTime? ShippedAt { get; init; }

    /// <summary>When it was completed or cancelled.</summary>
    public DateTime? EndedAt { get; init; }
}

/// <summary>
/// What became of a request to make a transfer, or to take it a step further. Declared in the order they are checked.
/// Append only; a number is never used again.
/// </summary>
public enum TransferOutcome
{
    /// <summary>It is as asked.</summary>
    Done = 1,

    /// <summary>The same request did it before; or it stood so already.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such transfer.</summary>
    TransferUnknown = 4,

    /// <summary>There is no such item.</summary>
    ItemUnknown = 5,

    /// <summary>The product has several variants, and a transfer is of one.</summary>
    SeveralVariants = 6,

    /// <summary>One of the warehouses is not known, or no longer there.</summary>
    WarehouseUnknown = 7,

    /// <summary>Source and target are one warehouse.</summary>
    SameWarehouse = 8,

    /// <summary>The transfer's version is not the one that the caller has seen.</summary>
    VersionConflict = 9,

    /// <summary>It does not stand where this step begins.</summary>
    OtherState = 10,

    /// <summary>The target takes nothing in.</summary>
    WarehouseInactive = 11,

    /// <summary>Less is on its way.</summary>
    TransitShort = 12,

    /// <summary>Less is available at the source; what is held for orders, or kept back, does not go.</summary>
    StockShort = 13,

    /// <summary>A warehouse would have more than can be counted.</summary>
    TooMuch = 14,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Transfer">As it was right after the request; with a refusal as it is now, if there is one.</param>
/// <param name="Available">With <see cref="TransferOutcome.StockShort"/> what the source could give.</param>
/// <param name="Unknown">The name that is not known, if one is not.</param>
public sealed record TransferAnswer(
    TransferOutcome Outcome,
    Transfer? Transfer,
    long Available = 0,
    string? Unknown = null
);
