namespace Inventory.Engine.Availability;

/// <summary>A line of a cart.</summary>
/// <param name="Sku">SKU or item id.</param>
/// <param name="Warehouse">Code or id; none: all active warehouses together.</param>
/// <param name="Quantity">In the item's base unit, more than 0.</param>
public readonly record struct CartLine(string Sku, string? Warehouse, long Quantity);

/// <summary>
/// What a cart's line can expect. Declared in the order they are checked. Append only; a number is never used again.
/// </summary>
public enum CartVerdict
{
    /// <summary>No item has this SKU or id.</summary>
    SkuUnknown = 1,

    /// <summary>No warehouse has this code or id.</summary>
    WarehouseUnknown = 2,

    /// <summary>The item is no longer sold.</summary>
    ItemDiscontinued = 3,

    /// <summary>The warehouse does not serve.</summary>
    WarehouseInactive = 4,

    /// <summary>There is less than all lines of this SKU ask for.</summary>
    StockShort = 5,

    /// <summary>It fits, together with all lines of the same SKU.</summary>
    Available = 6,
}

/// <summary>The answer for one line.</summary>
/// <param name="Line">As asked.</param>
/// <param name="Verdict">What it can expect.</param>
/// <param name="Available">
/// What there is for all lines of this SKU and warehouse together; lines that name a warehouse are served first.
/// </param>
public readonly record struct CartLineAnswer(CartLine Line, CartVerdict Verdict, long Available);

/// <summary>The answer for a cart.</summary>
/// <param name="Outcome">Found, or overloaded: what is not known is said line by line.</param>
/// <param name="Available">All lines fit together.</param>
/// <param name="Lines">One for each line, in its order.</param>
/// <param name="Freshness">Of the oldest part; none if no line names an item.</param>
public sealed record CartAvailability(
    AvailabilityOutcome Outcome,
    bool Available,
    IReadOnlyList<CartLineAnswer> Lines,
    Freshness? Freshness
);
