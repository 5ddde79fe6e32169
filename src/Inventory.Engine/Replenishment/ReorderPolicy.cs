namespace Inventory.Engine.Replenishment;

/// <summary>
/// When an item is to be reordered for a warehouse, and how much of it. Amounts are in its base unit.
/// </summary>
public sealed record ReorderPolicy
{
    /// <summary>The item's key.</summary>
    public required long ItemId { get; init; }

    /// <summary>The item's SKU.</summary>
    public required string Sku { get; init; }

    /// <summary>The warehouse's key.</summary>
    public required int WarehouseId { get; init; }

    /// <summary>The warehouse's code.</summary>
    public required string Warehouse { get; init; }

    /// <summary>Its own numbers; none: the item's, as they are at the time.</summary>
    public ReorderAmounts? Amounts { get; init; }

    /// <summary>From the order to the receipt; 0 to 365.</summary>
    public required int LeadTimeDays { get; init; }

    /// <summary>With what probability stock is to last through a lead time; 0.5 to below 1.</summary>
    public required double ServiceLevel { get; init; }

    /// <summary>Suggestions are approved by themselves.</summary>
    public required bool Automatic { get; init; }

    /// <summary>From whom it is bought.</summary>
    public required string Source { get; init; }

    /// <summary>Starts at 1 and rises by one with each edit.</summary>
    public required long Version { get; init; }

    /// <summary>By the database's clock, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>By the database's clock, UTC.</summary>
    public required DateTime UpdatedAt { get; init; }

    /// <summary>Who edited it last.</summary>
    public required string UpdatedBy { get; init; }
}

/// <summary>A reorder point with a lot, or with a maximum.</summary>
/// <param name="ReorderPoint">At or below this position is ordered; 0 to 2^53 - 1.</param>
/// <param name="Lot">What is ordered at a time; 1 to 2^53 - 1. None where there is a maximum.</param>
/// <param name="OrderUpTo">The position after an order; above the point. None where there is a lot.</param>
public sealed record ReorderAmounts(long ReorderPoint, long? Lot, long? OrderUpTo);

/// <summary>What is there of an item for what comes, in base units.</summary>
/// <param name="Available">What can be held, less what reservations wait for; may be negative.</param>
/// <param name="InTransit">On its way from other warehouses.</param>
/// <param name="OnOrder">What approved reorders have not received yet.</param>
/// <param name="WaitedForElsewhere">
/// What available is less by although another warehouse counts it: a reservation that any warehouse may serve lacks its
/// goods at each of them, and they are to be bought once.
/// </param>
public sealed record ReorderPosition(long Available, long InTransit, long OnOrder, long WaitedForElsewhere)
{
    /// <summary>What is compared with the reorder point.</summary>
    public long Total => Available + InTransit + OnOrder + WaitedForElsewhere;
}
