namespace Inventory.Engine.Alerts;

/// <summary>What an alert is about. Append only; a number is never used again.</summary>
public enum AlertKind
{
    /// <summary>No more than a threshold can be held of an item at a warehouse.</summary>
    LowStock = 1,

    /// <summary>Nothing can be held of it.</summary>
    OutOfStock = 2,

    /// <summary>As much as a threshold, or more, is on hand of it.</summary>
    Overstock = 3,

    /// <summary>Too great a share of reservations was refused by a server.</summary>
    HighReservationFailure = 4,

    /// <summary>A follower of the journal is too far behind.</summary>
    StaleFollower = 5,

    /// <summary>Stock, reservations and journal do not agree.</summary>
    InvariantBroken = 6,
}
