using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;

namespace Inventory.Engine.Returns;

/// <summary>Asks to take goods back that a reservation sold. It has been validated.</summary>
public sealed record ReturnRequest
{
    /// <summary>The principal; part of the request's identity, and the journal's actor.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part.</summary>
    public required string RequestId { get; init; }

    /// <summary>Which reservation sold them.</summary>
    public required Guid ReservationId { get; init; }

    /// <summary>1 to <see cref="ReserveRequest.LinesMax"/>.</summary>
    public required IReadOnlyList<ReturnLine> Lines { get; init; }

    /// <summary>A short code for the journal and reports, such as "wrong size".</summary>
    public string? Reason { get; init; }

    /// <summary>More words on the reason, for people.</summary>
    public string? Note { get; init; }

    /// <summary>What the journal keeps: the code, and the note behind a colon.</summary>
    internal string? JournalReason => Note is null ? Reason : $"{Reason}: {Note}";

    /// <summary>Of the request as asked, whatever the order of its lines.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.ReturnInventory);
        content.Text(ReservationId.ToString());
        foreach (var line in Sum(Lines))
        {
            content.Text(line.Sku);
            content.Text(line.Warehouse ?? "");
            content.Number((long)line.Condition);
            content.Number(line.Quantity);
        }

        content.Text(Reason ?? "");
        content.Text(Note ?? "");
        return content.ToFingerprint();
    }

    /// <summary>Lines that say the same but for the quantity summed, in the order of their names.</summary>
    internal static IReadOnlyList<ReturnLine> Sum(IReadOnlyList<ReturnLine> lines) =>
        [
            .. lines
                .GroupBy(l => l with { Quantity = 0 })
                .Select(g => g.Key with { Quantity = g.Sum(l => l.Quantity) })
                .OrderBy(l => l.Sku, StringComparer.Ordinal)
                .ThenBy(l => l.Warehouse, StringComparer.Ordinal)
                .ThenBy(l => l.Condition),
        ];
}

/// <summary>Some of one item that comes back.</summary>
/// <param name="Sku">SKU or item id.</param>
/// <param name="Warehouse">Where it is put, by code or id; none: where it came from.</param>
/// <param name="Quantity">In the item's base unit, 1 to <see cref="ReserveRequest.QuantityMax"/>.</param>
/// <param name="Condition">As what it is put there.</param>
public readonly record struct ReturnLine(string Sku, string? Warehouse, long Quantity, ReturnCondition Condition);

/// <summary>As what goods come back. Append only; a number is never used again.</summary>
public enum ReturnCondition
{
    /// <summary>It can be sold again at once.</summary>
    Available = 1,

    /// <summary>It cannot be sold.</summary>
    Damaged = 2,

    /// <summary>Somebody has to look at it first.</summary>
    QualityControl = 3,
}

/// <summary>
/// What became of a return. Declared in the order they are checked. Append only; a number is never used again.
/// </summary>
public enum ReturnOutcome
{
    /// <summary>The goods are on hand.</summary>
    Returned = 1,

    /// <summary>The same return was made before under this request id.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such reservation.</summary>
    ReservationUnknown = 4,

    /// <summary>Nothing of it was confirmed, so nothing can come back.</summary>
    NothingSold = 5,

    /// <summary>Lines bring back more than was confirmed, less what was returned before.</summary>
    MoreThanSold = 6,

    /// <summary>An item is not there any more.</summary>
    SkuUnknown = 7,

    /// <summary>A warehouse is not known.</summary>
    WarehouseUnknown = 8,

    /// <summary>The stock that it came from is not there any more: a warehouse has to be named.</summary>
    StockUnknown = 9,

    /// <summary>The warehouse takes nothing in.</summary>
    WarehouseInactive = 10,

    /// <summary>More would be on hand than <see cref="StockEdit.QuantityMax"/>.</summary>
    TooMuch = 11,

    /// <summary>Too many requests wait; nothing was tried.</summary>
    Overloaded = 12,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reservation">As it is now; none if it was not found, or nothing was looked at.</param>
/// <param name="Stock">The stock rows that took the goods in, as they were right after that.</param>
/// <param name="Refusals">The lines in the way, where lines are: quantities, and what could come back.</param>
public sealed record ReturnAnswer(
    ReturnOutcome Outcome,
    Reservation? Reservation,
    IReadOnlyList<StockRecord> Stock,
    IReadOnlyList<PartRefusal> Refusals
);
