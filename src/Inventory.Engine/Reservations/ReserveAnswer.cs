namespace Inventory.Engine.Reservations;

/// <summary>
/// What became of a request to reserve. Declared in the order they are checked. Append only; a number is never used
/// again.
/// </summary>
public enum ReserveOutcome
{
    /// <summary>Stock is held now.</summary>
    Held = 1,

    /// <summary>The same request was granted before; the reservation is shown as it is now.</summary>
    Replayed = 2,

    /// <summary>The request id was granted before, with other content.</summary>
    RequestIdReused = 3,

    /// <summary>A SKU is not known.</summary>
    SkuUnknown = 4,

    /// <summary>A warehouse is not known.</summary>
    WarehouseUnknown = 5,

    /// <summary>An item is no longer sold.</summary>
    ItemDiscontinued = 6,

    /// <summary>The warehouse, or every one that has the item, serves no new holds.</summary>
    WarehouseInactive = 7,

    /// <summary>There is not enough.</summary>
    StockShort = 8,

    /// <summary>Too many requests wait; nothing was tried.</summary>
    Overloaded = 9,

    /// <summary>The request was only judged: it would be held.</summary>
    WouldHold = 10,

    /// <summary>It waits for stock.</summary>
    Waits = 11,

    /// <summary>The request was only judged: it would wait.</summary>
    WouldWait = 12,

    /// <summary>The order or the caller has as many open as it may; nothing was tried.</summary>
    TooManyOpen = 13,
}

/// <summary>The answer to a request to reserve.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reservation">
/// With <see cref="ReserveOutcome.Held"/>, <see cref="ReserveOutcome.Waits"/> and <see
/// cref="ReserveOutcome.Replayed"/>; with <see cref="ReserveOutcome.WouldHold"/> and <see
/// cref="ReserveOutcome.WouldWait"/> what it would be, of which only the lines and allocations mean anything.
/// </param>
/// <param name="Refusals">The lines in the way, where lines are.</param>
public sealed record ReserveAnswer(
    ReserveOutcome Outcome,
    Reservation? Reservation,
    IReadOnlyList<LineRefusal> Refusals
)
{
    /// <summary>With <see cref="ReserveOutcome.TooManyOpen"/>.</summary>
    public HoldCap? Cap { get; init; }

    internal static readonly ReserveAnswer Overloaded = new(ReserveOutcome.Overloaded, null, []);

    internal static readonly ReserveAnswer RequestIdReused = new(ReserveOutcome.RequestIdReused, null, []);
}

/// <summary>Why a line was refused.</summary>
/// <param name="Outcome">The reason, one of those that concern a line.</param>
/// <param name="Sku">As asked.</param>
/// <param name="Warehouse">As asked.</param>
/// <param name="Requested">The quantity asked for, lines of one SKU and warehouse summed.</param>
/// <param name="Available">What the line could have had, at the moment of the proof; never negative.</param>
/// <param name="NextHoldLapsesAt">
/// When the next hold on this stock lapses, if that is among the next few hundred to lapse.
/// </param>
public sealed record LineRefusal(
    ReserveOutcome Outcome,
    string Sku,
    string? Warehouse,
    long Requested,
    long Available,
    DateTime? NextHoldLapsesAt
)
{
    /// <summary>The least that was asked for; 0 if anything would have been of use.</summary>
    public long MinQuantity { get; init; }
}
