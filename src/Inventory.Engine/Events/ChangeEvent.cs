using Inventory.Engine.Database;

namespace Inventory.Engine.Events;

/// <summary>
/// A row of the journal with the names that others know it by. Amounts are differences in base units; 0 where nothing
/// changed.
/// </summary>
public sealed record ChangeEvent
{
    /// <summary>Its place in the journal.</summary>
    public required long Position { get; init; }

    /// <summary>When, UTC, by the database's clock.</summary>
    public required DateTime At { get; init; }

    /// <summary>The stock row; none if no stock moved.</summary>
    public required long? StockId { get; init; }

    /// <summary>The item's SKU; empty if no stock moved.</summary>
    public required string Sku { get; init; }

    /// <summary>The warehouse's code; empty if no stock moved.</summary>
    public required string Warehouse { get; init; }

    /// <summary>The stock row's version after the change; 0 if no stock moved.</summary>
    public required long Version { get; init; }

    /// <summary>The reservation, transfer or count that it belongs to.</summary>
    public required Guid? Document { get; init; }

    /// <summary>Why.</summary>
    public required JournalKind Kind { get; init; }

    /// <summary>What changed of the stock row.</summary>
    public required ChangedAmounts Change { get; init; }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }

    /// <summary>What the actor gave as the reason.</summary>
    public required string? Reason { get; init; }
}

/// <param name="OnHand">What is there.</param>
/// <param name="Reserved">What of it is held.</param>
/// <param name="Damaged">What of it is damaged.</param>
/// <param name="QualityControl">What of it is being inspected.</param>
/// <param name="InTransit">What is on its way there.</param>
/// <param name="SafetyStock">What is kept back.</param>
/// <param name="Waiting">What is promised to reservations that wait.</param>
public readonly record struct ChangedAmounts(
    long OnHand,
    long Reserved,
    long Damaged,
    long QualityControl,
    long InTransit,
    long SafetyStock,
    long Waiting
);
