using Google.Protobuf.Collections;
using Inventory.Engine.Events;
using Inventory.Server.Errors;
using Inventory.V1;
using ListDeliveries = Inventory.Engine.Events.ListDeliveries;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of EventService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static class EventRules
{
    private const int NamesMax = 100;
    private const int TypeLengthMax = 100;

    private static readonly Problem NoType = new(
        "UNKNOWN_VALUE",
        "is no type of event, and the beginning of none with a star behind it"
    );

    /// <param name="request">As it came.</param>
    /// <param name="allowPrivate">http:// and private addresses are taken.</param>
    public static ApiError? Check(CreateSubscriptionRequest request, bool allowPrivate)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("url", WebhookRules.Url(request.Url, allowPrivate));
        Names("types", request.Types_, Type, ref violations);
        Names("skus", request.Skus, TextRules.Key, ref violations);
        Names("warehouses", request.Warehouses, TextRules.Key, ref violations);
        violations.Add("format", Enum.IsDefined(request.Format) ? null : Problem.UnknownValue);
        return violations.Error;
    }

    public static ApiError? Check(DeleteSubscriptionRequest request)
    {
        var violations = new Violations();
        violations.Add("subscription_id", TextRules.Key(request.SubscriptionId));
        return violations.Error;
    }

    public static ApiError? Check(ListDeliveriesRequest request)
    {
        var violations = new Violations();
        violations.Add("subscription_id", TextRules.Optional(request.SubscriptionId, TextRules.KeyLengthMax));
        violations.Add("state", Enum.IsDefined(request.State) ? null : Problem.UnknownValue);
        PageRules.Check(request.PageSize, ListDeliveries.PageSizeMax, request.PageToken, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(RedeliverRequest request)
    {
        var violations = new Violations();
        violations.Add("delivery_id", TextRules.Key(request.DeliveryId));
        return violations.Error;
    }

    private static void Names(
        string field,
        RepeatedField<string> names,
        Func<string, Problem?> rule,
        ref Violations violations
    )
    {
        if (names.Count > NamesMax)
        {
            violations.Add(field, Problem.OutOfRange($"at most {NamesMax}"));
            return;
        }

        for (var i = 0; i < names.Count; i++)
        {
            violations.Add($"{field}[{i}]", rule(names[i]));
        }
    }

    private static Problem? Type(string filter) =>
        TextRules.Required(filter, TypeLengthMax)
        ?? (EventTypes.All.Any(type => EventTypes.Matches(filter, type)) ? null : NoType);
}
