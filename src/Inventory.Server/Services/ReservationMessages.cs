using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using Inventory.V1;
using Allocation = Inventory.V1.Allocation;
using Reservation = Inventory.V1.Reservation;
using ReservationLine = Inventory.V1.ReservationLine;
using ReservationState = Inventory.V1.ReservationState;
using ReserveFill = Inventory.V1.ReserveFill;
using ReserveSource = Inventory.V1.ReserveSource;

namespace Inventory.Server.Services;

/// <summary>Reservations between the wire and the engine.</summary>
internal static class ReservationMessages
{
    private const int DefaultHoldMs = 15 * 60 * 1_000;
    private const long DefaultWaitMs = 24 * 60 * 60 * 1_000;

    /// <param name="request">Valid.</param>
    /// <param name="caller">Part of the reservation's identity.</param>
    public static ReserveRequest ToEngine(ReserveInventoryRequest request, Actor caller) =>
        new(
            caller,
            request.RequestId,
            NullIfEmpty(request.OrderId),
            HoldMs(request.HoldFor),
            new OrderLines(request.Lines)
        )
        {
            Source =
                request.Source == ReserveSource.Unspecified
                    ? Engine.Reservations.ReserveSource.Priority
                    : (Engine.Reservations.ReserveSource)request.Source,
            Fill =
                request.Fill == ReserveFill.Unspecified
                    ? Engine.Reservations.ReserveFill.AllOrNothing
                    : (Engine.Reservations.ReserveFill)request.Fill,
            WaitMs = request.Shortage == ReserveShortage.Wait ? WaitMs(request.WaitFor) : null,
        };

    /// <param name="lines">Valid.</param>
    public static IReadOnlyList<Engine.Reservations.ReserveLine> ToEngine(IEnumerable<ReservationPart> lines) =>
        [.. lines.Select(l => new Engine.Reservations.ReserveLine(l.Sku, NullIfEmpty(l.Warehouse), l.Quantity))];

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

        AddLines(message, reservation);
        if (reservation.FulfilledAt is { } fulfilled)
        {
            message.FulfillTime = Timestamp.FromDateTime(fulfilled);
            message.Tracking = reservation.Tracking ?? "";
            message.FulfillmentNote = reservation.FulfillmentNote ?? "";
        }

        return message;
    }

    /// <summary>What would be held: it has no id yet, and no state unless it would wait.</summary>
    public static Reservation ToJudged(Engine.Reservations.Reservation reservation)
    {
        var message = new Reservation
        {
            OrderId = reservation.OrderId ?? "",
            RequestId = reservation.RequestId,
            Caller = reservation.Caller,
            State =
                reservation.State == Engine.Reservations.ReservationState.Pending
                    ? ReservationState.Pending
                    : ReservationState.Unspecified,
        };
        AddLines(message, reservation);
        return message;
    }

    private static void AddLines(Reservation message, Engine.Reservations.Reservation reservation)
    {
        if (reservation.Lines is null)
        {
            foreach (var allocation in reservation.Allocations)
            {
                var line = LineOf(message, allocation.Sku);
                line.Quantity += allocation.Quantity;
                Add(line, allocation);
            }

            return;
        }

        foreach (var asked in reservation.Lines)
        {
            var line = new ReservationLine
            {
                Sku = asked.Sku,
                Quantity = asked.Quantity,
                ShortQuantity = asked.ShortQuantity,
            };
            foreach (var allocation in asked.Allocations)
            {
                Add(line, allocation);
            }

            message.Lines.Add(line);
        }
    }

    private static void Add(ReservationLine line, Engine.Reservations.Allocation allocation)
    {
        var shown = ToWire(allocation);
        if (allocation.Sku == line.Sku)
        {
            line.ConfirmedQuantity += allocation.Confirmed;
            line.ReleasedQuantity += allocation.Released;
            line.ReturnedQuantity += allocation.Returned;
        }
        else
        {
            // A part of a kit: pieces of parts are not pieces of the line.
            shown.Sku = allocation.Sku;
        }

        line.Allocations.Add(shown);
    }

    private static Allocation ToWire(Engine.Reservations.Allocation allocation) =>
        new()
        {
            Warehouse = allocation.Warehouse,
            Quantity = allocation.Quantity,
            ConfirmedQuantity = allocation.Confirmed,
            ReleasedQuantity = allocation.Released,
            ReturnedQuantity = allocation.Returned,
        };

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

    public static ReservationState ToWire(Engine.Reservations.ReservationState state) =>
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

    private static long WaitMs(Duration? waitFor) =>
        waitFor is null ? DefaultWaitMs : (waitFor.Seconds * 1_000) + (waitFor.Nanos / 1_000_000);

    private static int HoldMs(Duration? holdFor) =>
        holdFor is null ? DefaultHoldMs : checked((int)((holdFor.Seconds * 1_000) + (holdFor.Nanos / 1_000_000)));

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
