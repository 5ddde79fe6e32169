using Inventory.Engine.Database;

namespace Inventory.Engine.Journal.Past;

/// <summary>A stock row as it was at a time.</summary>
public sealed record PastStock
{
    /// <summary>The row.</summary>
    public required long StockId { get; init; }

    /// <summary>Its SKU.</summary>
    public required string Sku { get; init; }

    /// <summary>Its warehouse, by code.</summary>
    public required string Warehouse { get; init; }

    /// <summary>How many changes it had had; 0: it had not begun.</summary>
    public required long Version { get; init; }

    /// <summary>When the last of them was; none if it had not begun.</summary>
    public DateTime? ChangedAt { get; init; }

    /// <summary>What it had.</summary>
    public required StockAmounts Amounts { get; init; }

    /// <summary>How many rows of the journal were read for it.</summary>
    public required int ChangesRead { get; init; }
}

/// <summary>
/// What of the past is asked for: one stock row, or an item's, or a warehouse's, or an item's at a warehouse.
/// </summary>
public sealed record PastFilter
{
    /// <summary>The time, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>One row; nothing else is given then.</summary>
    public long? StockId { get; init; }

    /// <summary>SKU or item id. An item that is gone is found by its SKU.</summary>
    public string? Sku { get; init; }

    /// <summary>Code or id. A warehouse that is gone is found by its code.</summary>
    public string? Warehouse { get; init; }

    /// <summary>A page token is good for the filter that it was made for.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number(At.Ticks);
        content.Number(StockId);
        content.Text(Sku ?? "");
        content.Text(Warehouse ?? "");
        return content.ToFingerprint();
    }
}

/// <summary>What became of a question for the past. Append only; a number is never used again.</summary>
public enum PastOutcome
{
    /// <summary>The page is there; it may be empty and not the last.</summary>
    Read = 1,

    /// <summary>The SKU is not known, and never was.</summary>
    SkuUnknown = 2,

    /// <summary>The warehouse is not known, and never was.</summary>
    WarehouseUnknown = 3,

    /// <summary>The stock row is not known, and never was.</summary>
    StockUnknown = 4,

    /// <summary>The page token was not made by this operation for this filter.</summary>
    PageTokenInvalid = 5,
}

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the question.</param>
/// <param name="Rows">
/// By stock id. Those that had not begun or were gone are left out, except one that was named.
/// </param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record PastAnswer(PastOutcome Outcome, IReadOnlyList<PastStock> Rows, string? NextPageToken);
