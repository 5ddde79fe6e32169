namespace Inventory.Engine.Scans;

/// <summary>What the tables say of a batch, read under the locks of its stock rows.</summary>
internal sealed class FoundScans
{
    public required Dictionary<long, ScanShelf> Shelves { get; init; }

    /// <summary>The warehouses that take nothing in.</summary>
    public required HashSet<int> Shut { get; init; }

    /// <summary>The items that have the barcodes.</summary>
    public required Dictionary<string, long> Barcodes { get; init; }

    /// <summary>The places of those that are kept already.</summary>
    public required HashSet<int> Seen { get; init; }

    /// <summary>The places of those whose tag was read a moment before or after.</summary>
    public required HashSet<int> Repeated { get; init; }
}
