namespace Inventory.Engine.Reservations;

/// <summary>What a watcher of reservations is told.</summary>
/// <param name="Reservation">As it stood when it was read, which may be after this change.</param>
/// <param name="State">What it is since this change.</param>
/// <param name="ChangedAt">When, by the database's clock; none: it stood so when the watch began.</param>
public sealed record ReservationChange(Reservation Reservation, ReservationState State, DateTime? ChangedAt);
