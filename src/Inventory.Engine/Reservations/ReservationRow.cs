using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>A row of the reservation table, as the statements of this folder read it.</summary>
internal class ReservationRow
{
    public Guid ReservationId { get; init; }

    public required string Caller { get; init; }

    public required string RequestId { get; init; }

    public string? OrderId { get; init; }

    public short State { get; set; }

    public DateTime CreatedAt { get; init; }

    public DateTime ExpiresAt { get; set; }

    public DateTime? EndedAt { get; set; }

    public int Version { get; set; }

    public long[] StockIds { get; init; } = [];

    public long[] Quantities { get; init; } = [];

    /// <summary>As <see cref="ReserveTerms"/> are stored; none where the allocations say it all.</summary>
    public string? Terms { get; init; }

    /// <summary>While HELD what is held, later what was held at the end; none: all.</summary>
    public long[]? Held { get; set; }

    /// <summary>What was confirmed before the end; none: nothing.</summary>
    public long[]? Confirmed { get; set; }

    /// <summary>None: nothing.</summary>
    public long[]? Returned { get; set; }

    public DateTime? FulfilledAt { get; set; }

    public string? Tracking { get; set; }

    public string? FulfillmentNote { get; set; }

    /// <summary>What is held of a line, or was when the hold ended.</summary>
    internal long HeldOf(int line) => Held?[line] ?? Quantities[line];

    /// <summary>What was confirmed of a line before the hold ended.</summary>
    internal long ConfirmedOf(int line) => Confirmed?[line] ?? 0;

    /// <summary>What was sold of a line: in parts before, and with the end of the hold.</summary>
    internal long SoldOf(int line) =>
        ConfirmedOf(line)
        + ((ReservationState)State is ReservationState.Confirmed or ReservationState.Fulfilled ? HeldOf(line) : 0);

    internal long ReturnedOf(int line) => Returned?[line] ?? 0;

    internal Reservation ToReservation(IReadOnlyDictionary<long, StockOwner> owners)
    {
        Allocation[] allocations = [.. StockIds.Select((id, i) => ToAllocation(i, owners[id]))];
        return new()
        {
            ReservationId = ReservationId,
            Caller = Caller,
            RequestId = RequestId,
            OrderId = OrderId,
            State = (ReservationState)State,
            CreatedAt = CreatedAt,
            ExpiresAt = ExpiresAt,
            EndedAt = EndedAt,
            Version = Version,
            Allocations = allocations,
            Lines = Terms is null ? null : ReserveTerms.Parse(Terms).Show(allocations),
            FulfilledAt = FulfilledAt,
            Tracking = Tracking,
            FulfillmentNote = FulfillmentNote,
        };
    }

    private Allocation ToAllocation(int line, StockOwner owner)
    {
        var sold = SoldOf(line);
        var open = (ReservationState)State switch
        {
            ReservationState.Pending => Quantities[line],
            ReservationState.Held => HeldOf(line),
            ReservationState.Confirmed
            or ReservationState.Fulfilled
            or ReservationState.Cancelled
            or ReservationState.Failed
            or ReservationState.Expired => 0,
        };
        return new(owner.Sku, owner.Warehouse, Quantities[line])
        {
            Confirmed = sold,
            Released = Quantities[line] - sold - open,
            Returned = ReturnedOf(line),
        };
    }
}
