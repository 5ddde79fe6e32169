namespace Inventory.Engine.Scans;

/// <summary>Where a scan stands. Append only; a number is never used again.</summary>
public enum ScanState
{
    /// <summary>The stock has moved; of a count: it is there to be counted.</summary>
    Accepted = 1,

    /// <summary>No stock moved, and its problem says why. A person may retry, resolve or dismiss it.</summary>
    Quarantined = 2,

    /// <summary>A tag that had been read a moment before, which counts once.</summary>
    Repeated = 3,

    /// <summary>A person has said that it means nothing.</summary>
    Dismissed = 4,
}
