using Inventory.Engine.Database;

namespace Inventory.Engine.Catalog;

/// <summary>In which order items are listed.</summary>
public enum ItemOrder
{
    /// <summary>By SKU.</summary>
    Sku = 1,

    /// <summary>By name; those of one name in the order of their making.</summary>
    Name = 2,

    /// <summary>By the time they were made.</summary>
    Created = 3,
}

/// <summary>Which items to list, and how: those that match all that is given.</summary>
public sealed record ItemFilter
{
    /// <summary>The category, exactly.</summary>
    public string? Category { get; init; }

    /// <summary>As it is now.</summary>
    public ItemStatus? Status { get; init; }

    /// <summary>Whether it is not sold; what <see cref="Status"/> says goes before.</summary>
    public bool? Discontinued { get; init; }

    /// <summary>What SKU or name begins with, in capitals or not.</summary>
    public string? Prefix { get; init; }

    /// <summary>The product service's id: all its variants. An item's own id or SKU serves too.</summary>
    public string? ProductId { get; init; }

    /// <summary>The order.</summary>
    public ItemOrder Order { get; init; } = ItemOrder.Sku;

    /// <summary>The last first.</summary>
    public bool Descending { get; init; }

    /// <summary>A page token is good for the filter and order that it was made for.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("items");
        content.Text(Category ?? "");
        content.Number((long?)Status);
        content.Flag(Discontinued);
        content.Text(Prefix ?? "");
        content.Text(ProductId ?? "");
        content.Number((long)Order);
        content.Flag(Descending);
        return content.ToFingerprint();
    }
}

/// <summary>What became of a request to list items. Append only; a number is never used again.</summary>
public enum ListItemsOutcome
{
    /// <summary>The page is there; it may be empty and not the last.</summary>
    Listed = 1,

    /// <summary>Neither a product nor an item has the id.</summary>
    ProductUnknown = 2,

    /// <summary>The page token was not made by this operation for this filter and order.</summary>
    PageTokenInvalid = 3,
}

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Items">At most as many as asked for.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record ListItemsAnswer(ListItemsOutcome Outcome, IReadOnlyList<Item> Items, string? NextPageToken);
