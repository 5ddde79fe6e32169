using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Availability;
using Inventory.Engine.Journal;
using Inventory.V1;
using EngineChange = Inventory.Engine.Reservations.ReservationChange;

namespace Inventory.Server.Services;

/// <summary>Steps of watches as messages.</summary>
internal static class WatchMessages
{
    public static WatchAvailabilityResponse ToWire(WatchStep<ItemAvailability> step) =>
        new()
        {
            Availabilities = { step.Told.Select(AvailabilityMessages.ToWire) },
            ResumeToken = step.ResumeToken ?? "",
        };

    public static WatchReservationsResponse ToWire(WatchStep<EngineChange> step) =>
        new() { Changes = { step.Told.Select(ToWire) }, ResumeToken = step.ResumeToken ?? "" };

    private static ReservationChange ToWire(EngineChange change) =>
        new()
        {
            Reservation = ReservationMessages.ToWire(change.Reservation),
            State = ReservationMessages.ToWire(change.State),
            ChangeTime = change.ChangedAt is { } at ? Timestamp.FromDateTime(at) : null,
        };
}
