using Inventory.Engine.Database;

namespace Inventory.Engine.Journal;

/// <summary>
/// A change of one stock row, or of a reservation without stock: who, when, why, and by how much.
/// </summary>
public sealed record Transaction
{
    /// <summary>Its place in the journal: greater is later.</summary>
    public required long Position { get; init; }

    /// <summary>When, by the database's clock, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>The stock row; 0 if no stock moved.</summary>
    public required long StockId { get; init; }

    /// <summary>The row's SKU; empty if no stock moved.</summary>
    public required string Sku { get; init; }

    /// <summary>The row's warehouse, by code; empty if no stock moved.</summary>
    public required string Warehouse { get; init; }

    /// <summary>The row's version since this change: 1 for its first; 0 if no stock moved.</summary>
    public required long Version { get; init; }

    /// <summary>Why.</summary>
    public required JournalKind Kind { get; init; }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }

    /// <summary>The scope under which it was allowed; none: the server's own job, or before this was kept.</summary>
    public string? Scope { get; init; }

    /// <summary>From which address it was asked. Personal data: it is for auditors.</summary>
    public string? Address { get; init; }

    /// <summary>The W3C trace id of the call, its 32 digits as a UUID.</summary>
    public Guid? Trace { get; init; }

    /// <summary>What was given as the reason, if one was.</summary>
    public string? Reason { get; init; }

    /// <summary>The reservation or the transfer that it belongs to.</summary>
    public Guid? Document { get; init; }

    /// <summary>What was added to each amount.</summary>
    public required StockAmounts Change { get; init; }

    /// <summary>
    /// What the row had since; none if the row is gone, or if so much has happened to it that it would take too long to
    /// reckon back.
    /// </summary>
    public StockAmounts? After { get; init; }

    /// <summary>What the row had before, where <see cref="After"/> is known.</summary>
    public StockAmounts? Before => After - Change;
}

/// <summary>The amounts of a stock row that the journal accounts for, or changes of them, in the base unit.</summary>
/// <param name="OnHand">What is there.</param>
/// <param name="Reserved">What of it is held.</param>
/// <param name="Damaged">What of it is damaged.</param>
/// <param name="QualityControl">What of it is being inspected.</param>
/// <param name="InTransit">What is on its way there.</param>
/// <param name="SafetyStock">What is kept back.</param>
/// <param name="Waiting">What is promised to reservations that wait.</param>
public readonly record struct StockAmounts(
    long OnHand,
    long Reserved,
    long Damaged,
    long QualityControl,
    long InTransit,
    long SafetyStock,
    long Waiting = 0
)
{
    /// <summary>The difference, amount by amount.</summary>
    public static StockAmounts operator -(StockAmounts one, StockAmounts other) =>
        new(
            one.OnHand - other.OnHand,
            one.Reserved - other.Reserved,
            one.Damaged - other.Damaged,
            one.QualityControl - other.QualityControl,
            one.InTransit - other.InTransit,
            one.SafetyStock - other.SafetyStock,
            one.Waiting - other.Waiting
        );
}
