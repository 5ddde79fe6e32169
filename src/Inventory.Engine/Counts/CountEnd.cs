using Inventory.Engine.Database;

namespace Inventory.Engine.Counts;

/// <summary>Asks to give up a count. It has been validated.</summary>
public sealed record CountEnd
{
    /// <summary>The principal; part of the request's identity.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>The count.</summary>
    public required Guid CountId { get; init; }

    /// <summary>If given, the count's version that the caller has seen.</summary>
    public long? ExpectedVersion { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.CancelCount);
        content.Text($"{CountId}");
        content.Number(ExpectedVersion);
        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of a request to cancel. Declared in the order they are checked, but for the version, which comes before
/// the state. Append only; a number is never used again.
/// </summary>
public enum CancelCountOutcome
{
    /// <summary>It is given up.</summary>
    Cancelled = 1,

    /// <summary>The same request did it before, or it was given up already.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such count.</summary>
    CountUnknown = 4,

    /// <summary>All of it was approved.</summary>
    CountEnded = 5,

    /// <summary>The count's version is not the one that the caller has seen.</summary>
    VersionConflict = 6,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Count">As it is after the request, if there is one; with a replay as it was then.</param>
public sealed record CancelCountAnswer(CancelCountOutcome Outcome, StockCount? Count);
