using System.Net;
using Google.Protobuf.Collections;
using Inventory.Engine.Events;
using Inventory.Server.Errors;
using Inventory.Server.Events.Webhooks;
using Inventory.V1;
using ListDeliveries = Inventory.Engine.Events.ListDeliveries;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of EventService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static class EventRules
{
    private const int UrlLengthMax = 2_000;
    private const int NamesMax = 100;
    private const int TypeLengthMax = 100;

    private static readonly Problem NoType = new(
        "UNKNOWN_VALUE",
        "is no type of event, and the beginning of none with a star behind it"
    );

    private static readonly Problem NotHttps = Problem.Format("an https:// URL without user, password or fragment");
    private static readonly Problem NotHttp = Problem.Format("an http(s):// URL without user, password or fragment");
    private static readonly Problem NotPublic = new("OUT_OF_RANGE", "has a host that is not on the public internet");

    /// <param name="request">As it came.</param>
    /// <param name="allowPrivate">http:// and private addresses are taken.</param>
    public static ApiError? Check(CreateSubscriptionRequest request, bool allowPrivate)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("url", TextRules.Required(request.Url, UrlLengthMax) ?? Url(request.Url, allowPrivate));
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

    /// <summary>
    /// A name's addresses are judged when it is called: what they are now says nothing of what they will be then.
    /// </summary>
    private static Problem? Url(string text, bool allowPrivate)
    {
        var isUrl =
            Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (allowPrivate && url.Scheme == Uri.UriSchemeHttp))
            && url.UserInfo.Length == 0
            && url.Fragment.Length == 0
            && url.Host.Length > 0;
        if (!isUrl)
        {
            return allowPrivate ? NotHttp : NotHttps;
        }

        return
            !allowPrivate
            && (
                (IPAddress.TryParse(url!.Host.Trim('[', ']'), out var address) && !PublicAddresses.Contains(address))
                || url.IsLoopback
            )
            ? NotPublic
            : null;
    }
}
