using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>Asks to hold stock. It has been validated: the limits here are what the statement relies on.</summary>
/// <param name="Caller">Who asks; the name is part of the reservation's identity.</param>
/// <param name="RequestId">1 to 64 printable characters; the other part.</param>
/// <param name="OrderId">The caller's order, or none.</param>
/// <param name="HoldMs">How long to hold, in milliseconds: 1,000 to 86,400,000.</param>
/// <param name="Lines">1 to 100. Lines of one SKU and warehouse are summed.</param>
public sealed record ReserveRequest(
    Actor Caller,
    string RequestId,
    string? OrderId,
    int HoldMs,
    IReadOnlyList<ReserveLine> Lines
)
{
    /// <summary>The most lines of a request.</summary>
    public const int LinesMax = 100;

    /// <summary>The most of one line: sums over any batch stay far from overflow.</summary>
    public const long QuantityMax = 1_000_000_000_000;

    /// <summary>The shortest hold, in milliseconds.</summary>
    public const int HoldMsMin = 1_000;

    /// <summary>The longest hold, in milliseconds.</summary>
    public const int HoldMsMax = 86_400_000;

    /// <summary>Where lines that name no warehouse come from.</summary>
    public ReserveSource Source { get; init; } = ReserveSource.Priority;

    /// <summary>What is held where there is too little.</summary>
    public ReserveFill Fill { get; init; } = ReserveFill.AllOrNothing;

    /// <summary>The longest wait, in milliseconds: 30 days.</summary>
    public const long WaitMsMax = 30L * 86_400_000;

    /// <summary>
    /// How long it waits where there is too little, in milliseconds, 1,000 to <see cref="WaitMsMax"/>; none: it is
    /// refused. Only with <see cref="ReserveFill.AllOrNothing"/>.
    /// </summary>
    public long? WaitMs { get; init; }
}

/// <summary>One line of a request.</summary>
/// <param name="Sku">SKU or item id.</param>
/// <param name="Warehouse">Code or id; none: any active warehouse, by the request's source.</param>
/// <param name="Quantity">In the item's base unit, 1 to <see cref="ReserveRequest.QuantityMax"/>.</param>
/// <param name="MinQuantity">
/// The least that is of use, 0 to <paramref name="Quantity"/>; more than 0 only with <see
/// cref="ReserveFill.BestEffort"/>.
/// </param>
public readonly record struct ReserveLine(string Sku, string? Warehouse, long Quantity, long MinQuantity = 0);
