using Inventory.Engine.Database;

namespace Inventory.Engine.Counts;

/// <summary>Which counts to list: those that match all that is given.</summary>
public sealed record CountFilter
{
    /// <summary>Where they stand.</summary>
    public CountState? State { get; init; }

    /// <summary>Of one warehouse, by code or id.</summary>
    public string? Warehouse { get; init; }

    /// <summary>A page token is good for the filter that it was made for.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("counts");
        content.Number((long?)State);
        content.Text(Warehouse ?? "");
        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of a request to list counts or discrepancies. Append only; a number is never used again.
/// </summary>
public enum ListCountsOutcome
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
/// <param name="Counts">At most as many as asked for, the newest first.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record ListCountsAnswer(
    ListCountsOutcome Outcome,
    IReadOnlyList<StockCount> Counts,
    string? NextPageToken
);
