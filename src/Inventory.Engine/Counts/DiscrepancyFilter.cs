using Inventory.Engine.Database;

namespace Inventory.Engine.Counts;

/// <summary>Which differences to list: those that match all that is given.</summary>
public sealed record DiscrepancyFilter
{
    /// <summary>Of one count.</summary>
    public Guid? CountId { get; init; }

    /// <summary>Of counts of one warehouse, by code or id.</summary>
    public string? Warehouse { get; init; }

    /// <summary>Of one item, by SKU or id.</summary>
    public string? Sku { get; init; }

    /// <summary>Only those that are in the stock already, or only those that are not.</summary>
    public bool? Approved { get; init; }

    /// <summary>A page token is good for the filter that it was made for.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("discrepancies");
        content.Text(CountId?.ToString() ?? "");
        content.Text(Warehouse ?? "");
        content.Text(Sku ?? "");
        content.Flag(Approved);
        return content.ToFingerprint();
    }
}

/// <summary>A line of a count that found another quantity than was expected.</summary>
/// <param name="CountId">Its count.</param>
/// <param name="Warehouse">The count's warehouse, by code.</param>
/// <param name="Line">The line.</param>
public sealed record Discrepancy(Guid CountId, string Warehouse, CountLine Line);

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Discrepancies">At most as many as asked for; those counted last first.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record ListDiscrepanciesAnswer(
    ListCountsOutcome Outcome,
    IReadOnlyList<Discrepancy> Discrepancies,
    string? NextPageToken
);
