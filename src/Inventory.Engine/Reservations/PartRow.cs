namespace Inventory.Engine.Reservations;

/// <summary>The reservation as a part finds it. Its id is empty if there is none.</summary>
internal sealed class PartRow : ReservationRow
{
    /// <summary>The fingerprint under which the request's key was used, if it was.</summary>
    public long? Seen { get; init; }

    /// <summary>What was stored then, as JSON.</summary>
    public string? Answer { get; init; }

    /// <summary>Held, and not yet due.</summary>
    public bool Live { get; init; }

    /// <summary>Its stock is reserved still: held, or due and met by no sweep.</summary>
    internal bool IsReserved => (ReservationState)State == ReservationState.Held;

    internal bool IsLapsed => (IsReserved && !Live) || (ReservationState)State == ReservationState.Expired;

    /// <summary>As callers see it: a hold past its time is expired.</summary>
    internal PartRow Shown()
    {
        State = IsLapsed ? (short)ReservationState.Expired : State;
        return this;
    }
}
