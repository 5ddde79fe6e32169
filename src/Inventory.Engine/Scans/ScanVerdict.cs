namespace Inventory.Engine.Scans;

/// <summary>What became of a scan when it came in. Append only; a number is never used again.</summary>
public enum ScanFate
{
    /// <summary>As <see cref="ScanState.Accepted"/>.</summary>
    Accepted = 1,

    /// <summary>The device had sent this sequence before: whatever it says now, it has no effect.</summary>
    Duplicate = 2,

    /// <summary>As <see cref="ScanState.Repeated"/>.</summary>
    Repeated = 3,

    /// <summary>As <see cref="ScanState.Quarantined"/>.</summary>
    Quarantined = 4,
}

/// <summary>What became of a scan when it came in.</summary>
/// <param name="Fate">It is durable, whatever it is.</param>
/// <param name="Problem">With <see cref="ScanFate.Quarantined"/> only.</param>
public readonly record struct ScanVerdict(ScanFate Fate, ScanProblem? Problem = null);
