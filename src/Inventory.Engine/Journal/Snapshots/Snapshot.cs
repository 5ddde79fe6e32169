namespace Inventory.Engine.Journal.Snapshots;

/// <summary>A snapshot of all stock.</summary>
public sealed record Snapshot
{
    /// <summary>Rises with each.</summary>
    public long SnapshotId { get; init; }

    /// <summary>The time whose stock it keeps at hand, by the database's clock.</summary>
    public DateTime At { get; init; }

    /// <summary>Who asked for it; none if it is one of those that are made by time.</summary>
    public string? Caller { get; init; }

    /// <summary>What the caller noted.</summary>
    public string? Note { get; init; }

    /// <summary>How many stock rows had changed since their last one, so that a new one was written.</summary>
    public long Written { get; init; }

    /// <summary>None while it is being made.</summary>
    public DateTime? FinishedAt { get; init; }
}
