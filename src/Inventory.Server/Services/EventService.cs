using Grpc.Core;
using Inventory.Engine.Events;
using Inventory.Engine.Journal;
using Inventory.Server.Errors;
using Inventory.Server.Events.Webhooks;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineCreate = Inventory.Engine.Events.CreateSubscription;
using EngineDelete = Inventory.Engine.Events.DeleteSubscription;
using EngineDeliveries = Inventory.Engine.Events.ListDeliveries;
using EngineList = Inventory.Engine.Events.ListSubscriptions;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class EventService(
    EngineCreate create,
    EngineList list,
    EngineDelete delete,
    EngineDeliveries deliveries,
    RedeliverEvents redeliver,
    FollowJournal journal,
    WebhookOptions options
) : V1.EventService.EventServiceBase
{
    public override async Task<CreateSubscriptionResponse> CreateSubscription(
        CreateSubscriptionRequest request,
        ServerCallContext context
    )
    {
        if (EventRules.Check(request, options.AllowPrivate) is { } wrong)
        {
            return context.Refuse<CreateSubscriptionResponse>(wrong);
        }

        var (end, _) = await journal.EndAsync(context.CancellationToken);
        var asked = EventMessages.ToEngine(request, Callers.Of(context), end.ToString());
        var answer = await create.ExecuteAsync(asked, context.CancellationToken);
        return EventErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<CreateSubscriptionResponse>(refusal)
            : new()
            {
                Subscription = EventMessages.ToWire(answer.Subscription!),
                Secret = answer.Subscription!.Secret,
                Replayed = answer.Outcome == CreateSubscriptionOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<ListSubscriptionsResponse> ListSubscriptions(
        ListSubscriptionsRequest request,
        ServerCallContext context
    )
    {
        var subscriptions = await list.ExecuteAsync(context.CancellationToken);
        return new() { Subscriptions = { subscriptions.Select(EventMessages.ToWire) } };
    }

    public override async Task<DeleteSubscriptionResponse> DeleteSubscription(
        DeleteSubscriptionRequest request,
        ServerCallContext context
    )
    {
        if (EventRules.Check(request) is { } wrong)
        {
            return context.Refuse<DeleteSubscriptionResponse>(wrong);
        }

        return
            EventIds.TryParseSubscription(request.SubscriptionId, out var id)
            && await delete.ExecuteAsync(id, context.CancellationToken)
            ? new()
            : context.Refuse<DeleteSubscriptionResponse>(EventErrors.SubscriptionUnknown(request.SubscriptionId));
    }

    public override async Task<ListDeliveriesResponse> ListDeliveries(
        ListDeliveriesRequest request,
        ServerCallContext context
    )
    {
        if (EventRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListDeliveriesResponse>(wrong);
        }

        long? subscription = null;
        if (request.SubscriptionId.Length > 0)
        {
            // What is no id is nobody's, and has no deliveries.
            subscription = EventIds.TryParseSubscription(request.SubscriptionId, out var id) ? id : 0;
        }

        var page = await deliveries.ExecuteAsync(
            subscription,
            EventMessages.ToEngine(request.State),
            PageRules.Size(request.PageSize),
            request.PageToken,
            context.CancellationToken
        );
        return page is null
            ? context.Refuse<ListDeliveriesResponse>(WarehouseErrors.PageTokenInvalid()!)
            : new()
            {
                Deliveries = { page.Deliveries.Select(EventMessages.ToWire) },
                NextPageToken = page.NextPageToken ?? "",
            };
    }

    public override async Task<RedeliverResponse> Redeliver(RedeliverRequest request, ServerCallContext context)
    {
        if (EventRules.Check(request) is { } wrong)
        {
            return context.Refuse<RedeliverResponse>(wrong);
        }

        var delivery = EventIds.TryParseDelivery(request.DeliveryId, out var id)
            ? await redeliver.ExecuteAsync(id, context.CancellationToken)
            : null;
        return delivery is null
            ? context.Refuse<RedeliverResponse>(EventErrors.DeliveryUnknown(request.DeliveryId))
            : new() { Delivery = EventMessages.ToWire(delivery) };
    }
}
