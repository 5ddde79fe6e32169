using Inventory.Engine.Database;

namespace Inventory.Engine.Stock.Bulk;

/// <summary>What a row that cannot be applied means to the others.</summary>
public enum BulkOnError
{
    /// <summary>Nothing is applied, and all that is wrong is told.</summary>
    Abort = 1,

    /// <summary>The rows that are in order are applied.</summary>
    Continue = 2,
}

/// <summary>A call that edits many stock rows.</summary>
public sealed record BulkEdit
{
    /// <summary>The principal; part of the call's identity, and the journal's actor.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>What a row that cannot be applied means to the others.</summary>
    public required BulkOnError OnError { get; init; }

    /// <summary>
    /// Whether the answer, also the stored one, tells of every row. Otherwise it tells of those that were refused.
    /// </summary>
    public bool EveryRow { get; init; }

    /// <summary>
    /// Judges and tells, and writes nothing. It takes no locks, so what it tells may be out of date at once.
    /// </summary>
    public bool DryRun { get; init; }

    /// <summary>With what the content of the call begins; its rows follow.</summary>
    internal long Fingerprint()
    {
        var content = new Database.StableContent(stackalloc byte[Database.StableContent.StackMax]);
        content.Number((long)Database.RequestOperation.BulkEditStock);
        content.Number((long)OnError);
        content.Flag(EveryRow);
        return content.ToFingerprint();
    }
}
