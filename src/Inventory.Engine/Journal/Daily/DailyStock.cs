using Inventory.Engine.Database;

namespace Inventory.Engine.Journal.Daily;

/// <summary>What happened to a stock row on a day (UTC), in the item's base unit.</summary>
public sealed record DailyStock
{
    /// <summary>The day: 2026-01-31.</summary>
    public required string Day { get; init; }

    /// <summary>The row.</summary>
    public required long StockId { get; init; }

    /// <summary>Its SKU.</summary>
    public required string Sku { get; init; }

    /// <summary>Its warehouse, by code.</summary>
    public required string Warehouse { get; init; }

    /// <summary>How many changes there were.</summary>
    public required long Changes { get; init; }

    /// <summary>On hand when it began.</summary>
    public required long Opening { get; init; }

    /// <summary>Added to what is on hand.</summary>
    public required long Received { get; init; }

    /// <summary>Taken from what is on hand, <see cref="Confirmed"/> among it.</summary>
    public required long Removed { get; init; }

    /// <summary>Taken by reservations.</summary>
    public required long Held { get; init; }

    /// <summary>Sold: confirmed.</summary>
    public required long Confirmed { get; init; }

    /// <summary>Given back by reservations that were cancelled, failed or released in part.</summary>
    public required long Released { get; init; }

    /// <summary>Given back by holds that lapsed.</summary>
    public required long Expired { get; init; }

    /// <summary>On hand when it ended: opening, and received, without removed.</summary>
    public required long Closing { get; init; }

    /// <summary>Reserved when it ended.</summary>
    public required long ClosingReserved { get; init; }
}

/// <summary>Which days of what.</summary>
/// <param name="Sku">SKU or item id.</param>
/// <param name="Warehouse">Code or id; none: at all.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
public sealed record DailyStockFilter(string Sku, string? Warehouse, DateOnly From, DateOnly To)
{
    /// <summary>A page token is good for the filter that it was made for.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text(Sku);
        content.Text(Warehouse ?? "");
        content.Number(From.DayNumber);
        content.Number(To.DayNumber);
        return content.ToFingerprint();
    }
}

/// <summary>What became of a request to list. Append only; a number is never used again.</summary>
public enum DailyStockOutcome
{
    /// <summary>The page is there.</summary>
    Listed = 1,

    /// <summary>The SKU is not known.</summary>
    SkuUnknown = 2,

    /// <summary>The warehouse is not known.</summary>
    WarehouseUnknown = 3,

    /// <summary>The page token was not made by this operation for this filter.</summary>
    PageTokenInvalid = 4,
}

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Days">By day, then by stock row.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record DailyStockAnswer(DailyStockOutcome Outcome, IReadOnlyList<DailyStock> Days, string? NextPageToken);
