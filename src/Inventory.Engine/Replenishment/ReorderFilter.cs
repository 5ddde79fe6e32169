using Inventory.Engine.Database;

namespace Inventory.Engine.Replenishment;

/// <summary>Which reorders to list: those that match all that is given.</summary>
public sealed record ReorderFilter
{
    /// <summary>Where they stand.</summary>
    public ReorderState? State { get; init; }

    /// <summary>Of one item, by SKU or id.</summary>
    public string? Sku { get; init; }

    /// <summary>For one warehouse, by code or id.</summary>
    public string? Warehouse { get; init; }

    /// <summary>A page token is good for the filter that it was made for.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("reorders");
        content.Number((long?)State);
        content.Text(Sku ?? "");
        content.Text(Warehouse ?? "");
        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of a request to list reorders or their policies. Append only; a number is never used again.
/// </summary>
public enum ListReordersOutcome
{
    /// <summary>The page is there.</summary>
    Listed = 1,

    /// <summary>The item is not known.</summary>
    SkuUnknown = 2,

    /// <summary>The warehouse is not known.</summary>
    WarehouseUnknown = 3,

    /// <summary>The page token was not made by this operation for this filter.</summary>
    PageTokenInvalid = 4,
}

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Reorders">At most as many as asked for, the newest first.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record ListReordersAnswer(
    ListReordersOutcome Outcome,
    IReadOnlyList<Reorder> Reorders,
    string? NextPageToken
);
