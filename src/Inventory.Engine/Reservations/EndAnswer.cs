using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>Asks to end a hold.</summary>
/// <param name="ReservationId">Which.</param>
/// <param name="Target">
/// How: <see cref="ReservationState.Confirmed"/>, <see cref="ReservationState.Cancelled"/> or <see
/// cref="ReservationState.Failed"/>.
/// </param>
/// <param name="Actor">Who asks; the journal keeps it.</param>
public sealed record EndRequest(Guid ReservationId, ReservationState Target, Actor Actor);

/// <summary>
/// What became of it. Declared in the order they are checked. Append only; a number is never used again.
/// </summary>
public enum EndOutcome
{
    /// <summary>It was held, and is in the state asked for now.</summary>
    Ended = 1,

    /// <summary>It was in the state asked for already.</summary>
    Replayed = 2,

    /// <summary>There is no such reservation.</summary>
    NotFound = 3,

    /// <summary>Its hold has lapsed.</summary>
    Expired = 4,

    /// <summary>It is in another state, which the reservation shows.</summary>
    OtherState = 5,

    /// <summary>Too many requests wait; nothing was tried.</summary>
    Overloaded = 6,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 7,

    /// <summary>Lines ask for more than is held, or for what the reservation does not have.</summary>
    MoreThanHeld = 8,

    /// <summary>The hold has lapsed and is not taken again: an item is no longer sold.</summary>
    ItemDiscontinued = 9,

    /// <summary>The hold has lapsed and is not taken again: a warehouse serves no new holds.</summary>
    WarehouseInactive = 10,

    /// <summary>The hold has lapsed, and its stock is not there any more.</summary>
    StockShort = 11,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reservation">As it is now; none if it was not found or nothing was tried.</param>
/// <param name="Refusals">The lines in the way, where lines are.</param>
public sealed record EndAnswer(
    EndOutcome Outcome,
    Reservation? Reservation,
    IReadOnlyList<PartRefusal>? Refusals = null
);

/// <summary>Why a line of a part was refused.</summary>
/// <param name="Sku">As asked, or the item's.</param>
/// <param name="Warehouse">As asked; none if none was named.</param>
/// <param name="Requested">In base units.</param>
/// <param name="Available">What there is of it: held, or to be taken again.</param>
public sealed record PartRefusal(string Sku, string? Warehouse, long Requested, long Available);
