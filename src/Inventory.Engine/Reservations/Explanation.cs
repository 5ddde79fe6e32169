using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>
/// What there is to explain. Declared in the order they are checked. Append only; a number is never used again.
/// </summary>
public enum ExplainOutcome
{
    /// <summary>The reservation is there: as it stands is explained.</summary>
    Stands = 1,

    /// <summary>There is no such reservation.</summary>
    NotFound = 2,

    /// <summary>The request was judged as it would be now.</summary>
    Judged = 3,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What it explains.</param>
/// <param name="Verdict">Of a request what would become of it now; otherwise none.</param>
/// <param name="Reservation">The one that is there; none if none is.</param>
/// <param name="Lines">Line by line.</param>
/// <param name="AsOf">When this was so, by the database's clock.</param>
public sealed record Explanation(
    ExplainOutcome Outcome,
    ReserveOutcome? Verdict,
    Reservation? Reservation,
    IReadOnlyList<ExplainedLine> Lines,
    DateTime AsOf
);

/// <summary>One line.</summary>
/// <param name="Sku">The item's SKU; as asked, where it is not known.</param>
/// <param name="Warehouse">As asked; none where any would do, or where it was not kept.</param>
/// <param name="Quantity">As asked, lines of one SKU and warehouse summed.</param>
/// <param name="HeldQuantity">What of it is granted, or would be.</param>
/// <param name="Refusal">Why it would be refused, if it is in the way.</param>
/// <param name="Warehouses">All that have the item, in the order of their priority.</param>
public sealed record ExplainedLine(
    string Sku,
    string? Warehouse,
    long Quantity,
    long HeldQuantity,
    ReserveOutcome? Refusal,
    IReadOnlyList<ExplainedSource> Warehouses
);

/// <summary>One warehouse of a line.</summary>
/// <param name="Stock">What it has now.</param>
/// <param name="Quantity">What the line draws from it.</param>
/// <param name="Choice">Why so.</param>
public sealed record ExplainedSource(ExplainedStock Stock, long Quantity, SourceChoice Choice);

/// <summary>
/// Why a warehouse is drawn on or passed over. Declared in the order they are checked. Append only; a number is never
/// used again.
/// </summary>
public enum SourceChoice
{
    /// <summary>It is drawn on.</summary>
    Drawn = 1,

    /// <summary>The line names another.</summary>
    OtherNamed = 2,

    /// <summary>The item is no longer sold.</summary>
    ItemDiscontinued = 3,

    /// <summary>The warehouse serves no new holds.</summary>
    WarehouseInactive = 4,

    /// <summary>It has nothing to hold.</summary>
    Empty = 5,

    /// <summary>It has some, but the line is not held, for want of more.</summary>
    TooLittle = 6,

    /// <summary>Others came first and had enough.</summary>
    NotNeeded = 7,
}
