using Inventory.Engine.Database;

namespace Inventory.Engine.Alerts;

/// <summary>What people do with an alert. Append only; a number is never used again.</summary>
public enum AlertStepKind
{
    /// <summary>Somebody takes note of it.</summary>
    Acknowledge = 1,

    /// <summary>Somebody says that it is over.</summary>
    Resolve = 2,
}

/// <summary>Asks for a step. It has been validated.</summary>
/// <param name="Caller">Who; part of the request's identity.</param>
/// <param name="RequestId">1 to 64 printable characters; the other part of the identity.</param>
/// <param name="AlertId">Which alert.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Note">What is said of it; empty leaves what was said before.</param>
public sealed record AlertStep(Actor Caller, string RequestId, long AlertId, AlertStepKind Kind, string Note)
{
    internal short Operation =>
        (short)(Kind == AlertStepKind.Acknowledge ? RequestOperation.AcknowledgeAlert : RequestOperation.ResolveAlert);

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)Operation);
        content.Number(AlertId);
        content.Text(Note);
        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of a step. Declared in the order they are checked. Append only; a number is never used again.
/// </summary>
public enum AlertStepOutcome
{
    /// <summary>It is done, or was before.</summary>
    Done = 1,

    /// <summary>The same request has done it.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such alert.</summary>
    AlertUnknown = 4,

    /// <summary>It is over already, and can't be taken note of any more.</summary>
    AlertResolved = 5,
}

/// <param name="Outcome">What became of it.</param>
/// <param name="Alert">As it is now, if there is one.</param>
public sealed record AlertStepAnswer(AlertStepOutcome Outcome, Alert? Alert);
