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

    internal Reservation ToReservation(IReadOnlyDictionary<long, StockOwner> owners)
    {
        Allocation[] allocations =
        [
            .. StockIds.Zip(
                Quantities,
                (id, quantity) => new Allocation(owners[id].Sku, owners[id].Warehouse, quantity)
            ),
        ];
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
        };
    }
}
