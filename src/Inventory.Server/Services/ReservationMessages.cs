using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Reservations;
using Inventory.V1;
using Allocation = Inventory.V1.Allocation;
using Reservation = Inventory.V1.Reservation;
using ReservationState = Inventory.V1.ReservationState;
using ReserveLine = Inventory.Engine.Reservations.ReserveLine;

namespace Inventory.Server.Services;

/// <summary>Reservations between the wire and the engine.</summary>
internal static class ReservationMessages
{
    private const int DefaultHoldMs = 15 * 60 * 1_000;

    /// <param name="request">Valid.</param>
    /// <param name="caller">Part of the reservation's identity.</param>
    public static ReserveRequest ToEngine(ReserveInventoryRequest request, string caller)
    {
        var lines = new ReserveLine[request.Lines.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            var line = request.Lines[i];
            lines[i] = new(line.Sku, NullIfEmpty(line.Warehouse), line.Quantity);
        }

        return new(caller, request.RequestId, NullIfEmpty(request.OrderId), HoldMs(request.HoldFor), lines);
    }

    /// <param name="request">Valid.</param>
    public static ReservationFilter ToEngine(ListReservationsRequest request) =>
        new()
        {
            OrderId = NullIfEmpty(request.OrderId),
            State =
                request.State == ReservationState.Unspecified
                    ? null
                    : (Engine.Reservations.ReservationState)request.State,
            Sku = NullIfEmpty(request.Sku),
            Warehouse = NullIfEmpty(request.Warehouse),
            ExpiresBefore = request.ExpiresBefore?.ToDateTime(),
            ExpiresAfter = request.ExpiresAfter?.ToDateTime(),
        };

    public static Reservation ToWire(Engine.Reservations.Reservation reservation)
    {
        var message = new Reservation
        {
            ReservationId = reservation.ReservationId.ToString(),
            OrderId = reservation.OrderId ?? "",
            RequestId = reservation.RequestId,
            State = ToWire(reservation.State),
            CreateTime = Timestamp.FromDateTime(reservation.CreatedAt),
            ExpireTime = Timestamp.FromDateTime(reservation.ExpiresAt),
            Version = reservation.Version,
            Caller = reservation.Caller,
        };
        if (reservation.EndedAt is { } ended)
        {
            message.EndTime = Timestamp.FromDateTime(ended);
        }

        foreach (var allocation in reservation.Allocations)
        {
            var line = LineOf(message, allocation.Sku);
            line.Quantity += allocation.Quantity;
            line.Allocations.Add(new Allocation { Warehouse = allocation.Warehouse, Quantity = allocation.Quantity });
        }

        return message;
    }

    /// <summary>At most a hundred lines, and mostly one: looking through them is cheaper than an index.</summary>
    private static ReservationLine LineOf(Reservation message, string sku)
    {
        foreach (var line in message.Lines)
        {
            if (line.Sku == sku)
            {
                return line;
            }
        }

        var made = new ReservationLine { Sku = sku };
        message.Lines.Add(made);
        return made;
    }

    private static ReservationState ToWire(Engine.Reservations.ReservationState state) =>
        state switch
        {
            Engine.Reservations.ReservationState.Pending => ReservationState.Pending,
            Engine.Reservations.ReservationState.Held => ReservationState.Held,
            Engine.Reservations.ReservationState.Confirmed => ReservationState.Confirmed,
            Engine.Reservations.ReservationState.Fulfilled => ReservationState.Fulfilled,
            Engine.Reservations.ReservationState.Cancelled => ReservationState.Cancelled,
            Engine.Reservations.ReservationState.Failed => ReservationState.Failed,
            Engine.Reservations.ReservationState.Expired => ReservationState.Expired,
        };

    private static int HoldMs(Duration? holdFor) =>
        holdFor is null ? DefaultHoldMs : checked((int)((holdFor.Seconds * 1_000) + (holdFor.Nanos / 1_000_000)));

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
