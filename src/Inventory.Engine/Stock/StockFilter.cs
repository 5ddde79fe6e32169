using Inventory.Engine.Database;

namespace Inventory.Engine.Stock;

/// <summary>Which stock rows to list: those that match all that is given.</summary>
public sealed record StockFilter
{
    /// <summary>An item, or a product's variants.</summary>
    public StockItems? Items { get; init; }

    /// <summary>By code or id, any of them; none: all.</summary>
    public IReadOnlyList<string> Warehouses { get; init; } = [];

    /// <summary>
    /// Only what can be held no more of than a threshold, none included: the item's reorder point, unless <see
    /// cref="Threshold"/> is given. Items that are no longer sold are never low, nor those without a threshold.
    /// </summary>
    public bool LowOnly { get; init; }

    /// <summary>For all items, in place of their reorder points.</summary>
    public long? Threshold { get; init; }

    /// <summary>A page token is good for the filter that it was made for.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("stock");
        content.Text(Items?.Name ?? "");
        content.Flag(Items?.IsProduct);
        content.Number(Warehouses.Count);
        foreach (var warehouse in Warehouses)
        {
            content.Text(warehouse);
        }

        content.Flag(LowOnly);
        content.Number(Threshold);
        return content.ToFingerprint();
    }
}

/// <summary>What became of a request to list stock rows. Append only; a number is never used again.</summary>
public enum ListStockOutcome
{
    /// <summary>The page is there; it may be empty and not the last.</summary>
    Listed = 1,

    /// <summary>Nothing has the item's name.</summary>
    ItemUnknown = 2,

    /// <summary>A warehouse is not known.</summary>
    WarehouseUnknown = 3,

    /// <summary>The page token was not made by this operation for this filter.</summary>
    PageTokenInvalid = 4,
}

/// <summary>A stock row and what its item says of ordering more.</summary>
/// <param name="Stock">The row.</param>
/// <param name="ReorderPoint">More is to be ordered when no more than this can be held; in base units.</param>
/// <param name="ReorderQuantity">How much, in base units.</param>
public sealed record ListedStock(StockRecord Stock, long? ReorderPoint, long? ReorderQuantity);

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Rows">At most as many as asked for, in the order in which the warehouses began to stock them.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
/// <param name="Unknown">The warehouse that is not known, if one is not.</param>
public sealed record ListStockAnswer(
    ListStockOutcome Outcome,
    IReadOnlyList<ListedStock> Rows,
    string? NextPageToken,
    string? Unknown = null
);
