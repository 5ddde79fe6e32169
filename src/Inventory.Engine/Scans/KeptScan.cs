namespace Inventory.Engine.Scans;

/// <summary>A scan as it is kept, with what became of it.</summary>
public sealed record KeptScan
{
    /// <summary>The document of its rows in the journal.</summary>
    public required Guid ScanId { get; init; }

    /// <summary>By the database's clock, UTC.</summary>
    public required DateTime ReceivedAt { get; init; }

    /// <summary>As it came, but for what could not be kept.</summary>
    public required NewScan Scan { get; init; }

    /// <summary>Who sent it.</summary>
    public required string Caller { get; init; }

    /// <summary>Where it stands.</summary>
    public required ScanState State { get; init; }

    /// <summary>Why it moved no stock when it was last judged; its own, if it was dismissed.</summary>
    public ScanProblem? Problem { get; init; }

    /// <summary>More words on the problem.</summary>
    public string? Detail { get; init; }

    /// <summary>With <see cref="ScanProblem.StockShort"/>: what there was to take.</summary>
    public long? Available { get; init; }

    /// <summary>The item's SKU, as far as it is known.</summary>
    public string? Sku { get; init; }

    /// <summary>When a person resolved or dismissed it.</summary>
    public DateTime? SettledAt { get; init; }

    /// <summary>Who did.</summary>
    public string? SettledBy { get; init; }

    /// <summary>In that person's words.</summary>
    public string? Note { get; init; }
}
