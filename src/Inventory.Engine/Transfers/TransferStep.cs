using Inventory.Engine.Database;

namespace Inventory.Engine.Transfers;

/// <summary>A step of a transfer. Append only; a number is never used again.</summary>
public enum TransferStepKind
{
    /// <summary>It leaves the source.</summary>
    Ship = 1,

    /// <summary>Some of what is on its way arrives, or all; and the rest may be given up as lost.</summary>
    Receive = 2,

    /// <summary>It is given up: what is on its way goes back to the source.</summary>
    Cancel = 3,
}

/// <summary>Asks to take a transfer a step further. It has been validated.</summary>
public sealed record TransferStep
{
    /// <summary>The principal; part of the request's identity, and the journal's actor.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>Which one.</summary>
    public required Guid TransferId { get; init; }

    /// <summary>Which step.</summary>
    public required TransferStepKind Kind { get; init; }

    /// <summary>
    /// Of a receipt: how much has arrived, in base units, 0 only where the rest is lost; none: all that is on its way.
    /// </summary>
    public long? Quantity { get; init; }

    /// <summary>Of a receipt: what has not arrived with it never will.</summary>
    public bool LosesRest { get; init; }

    /// <summary>If given, the transfer's version from which the step is made.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>For the journal and reports.</summary>
    public string? Reason { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.AdvanceTransfer);
        content.Text($"{TransferId}");
        content.Number((long)Kind);
        content.Number(Quantity);
        content.Flag(LosesRest);
        content.Number(ExpectedVersion);
        content.Text(Reason ?? "");
        return content.ToFingerprint();
    }
}
