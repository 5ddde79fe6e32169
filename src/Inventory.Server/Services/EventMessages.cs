using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Database;
using Inventory.Engine.Events;
using Inventory.V1;
using DeliveryState = Inventory.V1.DeliveryState;
using EngineDelivery = Inventory.Engine.Events.Delivery;
using EngineFormat = Inventory.Engine.Events.EventFormat;
using EngineState = Inventory.Engine.Events.DeliveryState;
using EngineSubscription = Inventory.Engine.Events.Subscription;
using EventFormat = Inventory.V1.EventFormat;
using Subscription = Inventory.V1.Subscription;

namespace Inventory.Server.Services;

/// <summary>Subscriptions and deliveries between the wire and the engine.</summary>
internal static class EventMessages
{
    /// <param name="request">Valid.</param>
    /// <param name="caller">Part of the request's identity.</param>
    /// <param name="cursor">Where the journal ends.</param>
    public static NewSubscription ToEngine(CreateSubscriptionRequest request, Actor caller, string cursor) =>
        new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            Url = request.Url,
            Format = request.Format switch
            {
                EventFormat.Unspecified or EventFormat.Json => EngineFormat.Json,
                EventFormat.Protobuf => EngineFormat.Protobuf,
            },
            Types = [.. request.Types_],
            Skus = [.. request.Skus],
            Warehouses = [.. request.Warehouses],
            Cursor = cursor,
        };

    public static EngineState? ToEngine(DeliveryState state) =>
        state switch
        {
            DeliveryState.Unspecified => null,
            DeliveryState.Pending => EngineState.Pending,
            DeliveryState.Delivered => EngineState.Delivered,
            DeliveryState.Dead => EngineState.Dead,
        };

    public static Subscription ToWire(EngineSubscription subscription) =>
        new()
        {
            SubscriptionId = EventIds.Subscription(subscription.SubscriptionId),
            Url = subscription.Url,
            Types_ = { subscription.Types },
            Skus = { subscription.Skus },
            Warehouses = { subscription.Warehouses },
            Format = subscription.Format switch
            {
                EngineFormat.Json => EventFormat.Json,
                EngineFormat.Protobuf => EventFormat.Protobuf,
            },
            CreateTime = ToWire(subscription.CreatedAt),
            Creator = subscription.CreatedBy,
        };

    public static EventDelivery ToWire(EngineDelivery delivery) =>
        new()
        {
            DeliveryId = EventIds.Delivery(delivery.DeliveryId),
            SubscriptionId = EventIds.Subscription(delivery.SubscriptionId),
            State = delivery.State switch
            {
                EngineState.Pending => DeliveryState.Pending,
                EngineState.Delivered => DeliveryState.Delivered,
                EngineState.Dead => DeliveryState.Dead,
            },
            Attempts = delivery.Attempts,
            EventCount = delivery.EventCount,
            FirstPosition = delivery.FirstPosition,
            CreateTime = ToWire(delivery.CreatedAt),
            AttemptTime = delivery.AttemptedAt is { } at ? ToWire(at) : null,
            NextAttemptTime = delivery.State == EngineState.Pending ? ToWire(delivery.DueAt) : null,
            LastStatus = delivery.Status ?? 0,
            LastError = delivery.Error ?? "",
        };

    private static Timestamp ToWire(DateTime at) => Timestamp.FromDateTime(DateTime.SpecifyKind(at, DateTimeKind.Utc));
}
