namespace Inventory.Engine.Reservations;

/// <summary>The life of a reservation. Append only; a number is never used again.</summary>
public enum ReservationState
{
    /// <summary>Waits for stock. Nothing is held.</summary>
    Pending = 1,

    /// <summary>Stock is held until it expires.</summary>
    Held = 2,

    /// <summary>Paid for: the stock has left what is on hand.</summary>
    Confirmed = 3,

    /// <summary>Delivered.</summary>
    Fulfilled = 4,

    /// <summary>Given up; the stock went back.</summary>
    Cancelled = 5,

    /// <summary>The payment failed; the stock went back.</summary>
    Failed = 6,

    /// <summary>The hold lapsed; the stock went back, or goes back when the next sweep meets it.</summary>
    Expired = 7,
}
