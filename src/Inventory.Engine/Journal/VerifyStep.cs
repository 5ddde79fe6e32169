namespace Inventory.Engine.Journal;

/// <summary>What a verification tells as it goes.</summary>
public abstract record VerifyStep;

/// <summary>How far it is.</summary>
/// <param name="StockRows">Stock rows looked at so far.</param>
/// <param name="StockRowsEstimate">About how many there are.</param>
public sealed record VerifyProgress(long StockRows, long StockRowsEstimate) : VerifyStep;

/// <summary>A row that is wrong.</summary>
public sealed record VerifyViolation : VerifyStep
{
    /// <summary>The rule that it breaks.</summary>
    public StockInvariant Invariant { get; init; }

    /// <summary>The stock row; none for a reservation's own row.</summary>
    public long? StockId { get; init; }

    /// <summary>Its item's SKU.</summary>
    public string? Sku { get; init; }

    /// <summary>Its warehouse's code.</summary>
    public string? Warehouse { get; init; }

    /// <summary>The reservation, if one is concerned.</summary>
    public Guid? ReservationId { get; init; }

    /// <summary>The transfer, if one is concerned.</summary>
    public Guid? TransferId { get; init; }

    /// <summary>What it should be.</summary>
    public long Expected { get; init; }

    /// <summary>What it is.</summary>
    public long Actual { get; init; }
}

/// <summary>The end.</summary>
/// <param name="StockRows">Stock rows looked at.</param>
/// <param name="Violations">Rules broken, counted by row.</param>
/// <param name="AsOf">The time of the snapshot, by the database's clock.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record VerifyResult(long StockRows, long Violations, DateTime AsOf, TimeSpan Elapsed) : VerifyStep;

/// <summary>Nothing was looked at: another verification runs on this node. The only step, then.</summary>
public sealed record VerifyBusy : VerifyStep;

/// <summary>The rule that a row breaks. Append only; a number is never used again.</summary>
public enum StockInvariant
{
    /// <summary>
    /// No amount is negative, and reserved, damaged and quality control are together at most on hand.
    /// </summary>
    LevelsInRange = 1,

    /// <summary>Reserved is the sum of the lines that are held.</summary>
    ReservedIsHeld = 2,

    /// <summary>On hand is the sum of the journal's changes.</summary>
    OnHandIsJournaled = 3,

    /// <summary>Reserved is the sum of the journal's changes.</summary>
    ReservedIsJournaled = 4,

    /// <summary>A reservation's state, times and lines agree with each other.</summary>
    ReservationState = 5,

    /// <summary>Damaged is the sum of the journal's changes.</summary>
    DamagedIsJournaled = 6,

    /// <summary>Quality control is the sum of the journal's changes.</summary>
    QualityControlIsJournaled = 7,

    /// <summary>In transit is the sum of the journal's changes.</summary>
    InTransitIsJournaled = 8,

    /// <summary>Safety stock is the sum of the journal's changes.</summary>
    SafetyStockIsJournaled = 9,

    /// <summary>The version is the number of the row's changes, and they are numbered from 1 without a gap.</summary>
    VersionsAreDense = 10,

    /// <summary>
    /// What the journal says of a reservation's line is what its state says: taken once, and ended once if it has
    /// ended; confirmed and released in parts as the reservation tells.
    /// </summary>
    ReservationIsJournaled = 11,

    /// <summary>In transit is what open transfers have on their way there.</summary>
    InTransitIsOnItsWay = 12,

    /// <summary>What the journal says of a transfer, at its source and its target, is what its own row says.</summary>
    TransferIsJournaled = 13,

    /// <summary>What a reservation says has come back is the sum of the journal's returns.</summary>
    ReturnsAreJournaled = 14,

    /// <summary>Waiting is the sum of the journal's changes.</summary>
    WaitingIsJournaled = 15,

    /// <summary>Waiting is the sum of what waits in the queue.</summary>
    WaitingIsQueued = 16,
}
