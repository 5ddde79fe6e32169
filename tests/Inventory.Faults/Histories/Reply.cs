namespace Inventory.Faults.Histories;

/// <summary>What the caller learnt.</summary>
public abstract record Reply;

/// <summary>OK to a request to reserve: the reservation as it was then.</summary>
public sealed record Granted(Guid ReservationId, bool Replayed, bool IsExpired, DateTimeOffset ExpiresAt) : Reply;

/// <summary>OK to any other request.</summary>
public sealed record Done(bool Replayed) : Reply;

/// <summary>A definite error: there was no effect.</summary>
public sealed record Refused(RefusalReason Reason) : Reply;

/// <summary>An indefinite error, or no answer at all: there was no effect, or the whole of it.</summary>
public sealed record Unknown(string Error) : Reply;

public enum RefusalReason
{
    StockShort,
    RequestIdReused,
    Expired,
    OtherState,
    NotFound,
    Overloaded,

    /// <summary>The request itself was wrong: unknown names, values that are not taken.</summary>
    Invalid,
}
