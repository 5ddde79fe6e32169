using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>Asks to let a hold lapse later.</summary>
/// <param name="ReservationId">Which.</param>
/// <param name="ExpiresAt">
/// Until when, UTC: at most 24 hours from now by the database's clock. An earlier time than the present one changes
/// nothing.
/// </param>
/// <param name="Actor">Who asks; goes into the journal.</param>
public sealed record ExtendRequest(Guid ReservationId, DateTime ExpiresAt, Actor Actor);

/// <summary>What became of it. Append only; a number is never used again.</summary>
public enum ExtendOutcome
{
    /// <summary>It lapses at the time asked for.</summary>
    Extended = 1,

    /// <summary>It lapses no earlier than that already.</summary>
    Replayed = 2,

    /// <summary>There is no such reservation.</summary>
    NotFound = 3,

    /// <summary>The time asked for is more than 24 hours away.</summary>
    TooLate = 4,

    /// <summary>Its hold has lapsed.</summary>
    Expired = 5,

    /// <summary>It is in another state than HELD, which the reservation shows.</summary>
    OtherState = 6,

    /// <summary>Too many requests wait; nothing was tried.</summary>
    Overloaded = 7,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reservation">As it is now; none if it was not found or nothing was tried.</param>
public sealed record ExtendAnswer(ExtendOutcome Outcome, Reservation? Reservation);
