namespace Inventory.Engine.Reservations;

/// <summary>Asks to end a hold.</summary>
/// <param name="ReservationId">Which.</param>
/// <param name="Target">
/// How: <see cref="ReservationState.Confirmed"/>, <see cref="ReservationState.Cancelled"/> or <see
/// cref="ReservationState.Failed"/>.
/// </param>
/// <param name="Actor">Who asks; the journal keeps it.</param>
public sealed record EndRequest(Guid ReservationId, ReservationState Target, string Actor);

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
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reservation">As it is now; none if it was not found or nothing was tried.</param>
public sealed record EndAnswer(EndOutcome Outcome, Reservation? Reservation);
