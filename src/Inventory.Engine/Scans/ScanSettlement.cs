namespace Inventory.Engine.Scans;

/// <summary>What is to become of a scan in quarantine.</summary>
public sealed record ScanSettlement
{
    /// <summary>The principal; the journal's actor.</summary>
    public required string Caller { get; init; }

    /// <summary>Which scan.</summary>
    public required Guid ScanId { get; init; }

    /// <summary>The item that it was of, by SKU or id; none: as its identifier says.</summary>
    public string? Sku { get; init; }

    /// <summary>It means nothing; without <see cref="Sku"/>.</summary>
    public bool Dismiss { get; init; }

    /// <summary>Words on it, for people.</summary>
    public string? Note { get; init; }
}

/// <summary>
/// What became of a settlement. Declared in the order they are checked. Append only; a number is never used again.
/// </summary>
public enum SettleScanOutcome
{
    /// <summary>There is no such scan.</summary>
    ScanUnknown = 1,

    /// <summary>The same was done before; nothing has happened now.</summary>
    Replayed = 2,

    /// <summary>It is not in quarantine.</summary>
    OtherState = 3,

    /// <summary>The item that it is said to be of is not known.</summary>
    SkuUnknown = 4,

    /// <summary>
    /// It was dismissed or judged. It may be in quarantine still, if it cannot be: its problem says why.
    /// </summary>
    Done = 5,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Scan">As it is now, if there is one.</param>
public sealed record SettleScanAnswer(SettleScanOutcome Outcome, KeptScan? Scan);
