using Inventory.Engine.Database;

namespace Inventory.Engine.Replenishment;

/// <summary>A step of a reorder. Append only; a number is never used again.</summary>
public enum ReorderStepKind
{
    /// <summary>It is ordered, as suggested or another amount.</summary>
    Approve = 1,

    /// <summary>The suggestion is turned down.</summary>
    Reject = 2,

    /// <summary>Some of it comes, or all that is to come.</summary>
    Receive = 3,

    /// <summary>The order is given up before anything has come.</summary>
    Cancel = 4,

    /// <summary>What has not come will not.</summary>
    Close = 5,
}

/// <summary>Asks to take a reorder a step further. It has been validated.</summary>
public sealed record ReorderStep
{
    /// <summary>The principal; part of the request's identity, and the journal's actor.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>Which one.</summary>
    public required Guid ReorderId { get; init; }

    /// <summary>Which step.</summary>
    public required ReorderStepKind Kind { get; init; }

    /// <summary>
    /// Of an approval what is ordered, none: as suggested. Of a receipt what has come, none: all that is to come. In
    /// base units, greater than 0.
    /// </summary>
    public long? Quantity { get; init; }

    /// <summary>Of a receipt: more may have come than was to come.</summary>
    public bool AllowsExcess { get; init; }

    /// <summary>If given, the reorder's version from which the step is made.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>For the journal and reports.</summary>
    public string? Reason { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.AdvanceReorder);
        content.Text($"{ReorderId}");
        content.Number((long)Kind);
        content.Number(Quantity);
        content.Flag(AllowsExcess);
        content.Number(ExpectedVersion);
        content.Text(Reason ?? "");
        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of a step. Declared in the order they are checked. Append only; a number is never used again.
/// </summary>
public enum ReorderOutcome
{
    /// <summary>It is as asked.</summary>
    Done = 1,

    /// <summary>The same request did it before; or it stood so already.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such reorder.</summary>
    ReorderUnknown = 4,

    /// <summary>Its version is not the one that the caller has seen.</summary>
    VersionConflict = 5,

    /// <summary>It does not stand where this step begins.</summary>
    OtherState = 6,

    /// <summary>Less is to come, and an excess was not allowed.</summary>
    Excess = 7,

    /// <summary>The item or the warehouse is no longer there, so nothing can come in.</summary>
    PlaceGone = 8,

    /// <summary>The warehouse would have more than can be counted.</summary>
    TooMuch = 9,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Reorder">As it was right after the request; with a refusal as it is now, if there is one.</param>
public sealed record ReorderAnswer(ReorderOutcome Outcome, Reorder? Reorder);
