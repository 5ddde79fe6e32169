namespace Inventory.Engine.Reservations;

/// <summary>A reservation as it stood at one moment of the database's clock.</summary>
public sealed record Reservation
{
    /// <summary>Derived from caller and request id.</summary>
    public required Guid ReservationId { get; init; }

    /// <summary>Who made it.</summary>
    public required string Caller { get; init; }

    /// <summary>The caller's id of the request.</summary>
    public required string RequestId { get; init; }

    /// <summary>The caller's order, if one was named.</summary>
    public string? OrderId { get; init; }

    /// <summary>
    /// The state; a hold past its time reads <see cref="ReservationState.Expired"/> before a sweep has met it.
    /// </summary>
    public required ReservationState State { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When the hold lapses or lapsed, UTC.</summary>
    public required DateTime ExpiresAt { get; init; }

    /// <summary>When it left the state HELD, UTC.</summary>
    public DateTime? EndedAt { get; init; }

    /// <summary>Raised by each transition; 1 at first.</summary>
    public required int Version { get; init; }

    /// <summary>What was taken from where: one element a stock row.</summary>
    public required IReadOnlyList<Allocation> Allocations { get; init; }

    /// <summary>
    /// What was asked, one for each SKU, with its share of the allocations; none where the allocations say it all.
    /// </summary>
    public IReadOnlyList<ReservationLine>? Lines { get; init; }

    /// <summary>When it was fulfilled, UTC.</summary>
    public DateTime? FulfilledAt { get; init; }

    /// <summary>The shipment's tracking number, if one was given.</summary>
    public string? Tracking { get; init; }

    /// <summary>What was said when it was fulfilled.</summary>
    public string? FulfillmentNote { get; init; }
}

/// <summary>What was asked of one SKU.</summary>
/// <param name="Sku">The item, or the kit.</param>
/// <param name="Quantity">As asked.</param>
/// <param name="ShortQuantity">What of it was not granted.</param>
/// <param name="Allocations">The rest, by warehouse; of a kit its parts, by SKU and warehouse.</param>
public sealed record ReservationLine(
    string Sku,
    long Quantity,
    long ShortQuantity,
    IReadOnlyList<Allocation> Allocations
);

/// <summary>
/// A quantity from one warehouse. What of it is neither confirmed nor released is held, or waits for stock.
/// </summary>
/// <param name="Sku">The item.</param>
/// <param name="Warehouse">The warehouse's code.</param>
/// <param name="Quantity">As granted, in the item's base unit.</param>
public readonly record struct Allocation(string Sku, string Warehouse, long Quantity)
{
    /// <summary>What of it was sold.</summary>
    public long Confirmed { get; init; }

    /// <summary>What of it went back to available: cancelled, failed, expired, or released in part.</summary>
    public long Released { get; init; }

    /// <summary>What of the confirmed quantity has come back.</summary>
    public long Returned { get; init; }

    /// <summary>
    /// A share of it. Which piece of a row was sold nobody knows, so the first share has what was sold, then what was
    /// released, then what is held; all shares together have what the row has.
    /// </summary>
    internal Allocation Part(long quantity)
    {
        var confirmed = Math.Min(Confirmed, quantity);
        return this with
        {
            Quantity = quantity,
            Confirmed = confirmed,
            Released = Math.Min(Released, quantity - confirmed),
            Returned = Math.Min(Returned, confirmed),
        };
    }

    /// <summary>What is left when a share is taken.</summary>
    internal Allocation Less(Allocation part) =>
        this with
        {
            Quantity = Quantity - part.Quantity,
            Confirmed = Confirmed - part.Confirmed,
            Released = Released - part.Released,
            Returned = Returned - part.Returned,
        };

    /// <summary>Two shares of one row, together.</summary>
    internal Allocation Plus(Allocation part) =>
        this with
        {
            Quantity = Quantity + part.Quantity,
            Confirmed = Confirmed + part.Confirmed,
            Released = Released + part.Released,
            Returned = Returned + part.Returned,
        };
}
