using Inventory.Engine.Events;

namespace Inventory.Server.Errors;

/// <summary>What each outcome of a request about events means to a caller. Null is OK.</summary>
internal static class EventErrors
{
    public static ApiError? Of(CreateSubscriptionAnswer answer, NewSubscription asked) =>
        answer.Outcome switch
        {
            CreateSubscriptionOutcome.Created or CreateSubscriptionOutcome.Replayed => null,
            CreateSubscriptionOutcome.RequestIdReused => CommonErrors.RequestIdReused(asked.RequestId),
            CreateSubscriptionOutcome.TooMany => CommonErrors.Precondition(
                Reasons.SubscriptionLimit,
                "subscriptions",
                $"are {CreateSubscription.SubscriptionsMax} already: delete one that nobody needs"
            ),
        };

    public static ApiError SubscriptionUnknown(string id) =>
        CommonErrors.NotFound(Reasons.SubscriptionUnknown, "subscription", id);

    public static ApiError DeliveryUnknown(string id) => CommonErrors.NotFound(Reasons.DeliveryUnknown, "delivery", id);
}
