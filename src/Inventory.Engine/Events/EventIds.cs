using System.Globalization;

namespace Inventory.Engine.Events;

/// <summary>The ids of subscriptions and deliveries that callers see.</summary>
public static class EventIds
{
    private const string SubscriptionPrefix = "sub_";
    private const string DeliveryPrefix = "dlv_";

    /// <summary>A subscription's public id.</summary>
    public static string Subscription(long id) => Write(SubscriptionPrefix, id);

    /// <summary>A delivery's public id, which its receiver sees as <c>webhook-id</c>.</summary>
    public static string Delivery(long id) => Write(DeliveryPrefix, id);

    /// <summary>An event's id: the same row of the journal has the same, whenever and however it is sent.</summary>
    public static string Event(long era, long position) =>
        string.Create(CultureInfo.InvariantCulture, $"{era}-{position}");

    /// <summary>Reads a subscription's public id.</summary>
    public static bool TryParseSubscription(string text, out long id) => TryParse(text, SubscriptionPrefix, out id);

    /// <summary>Reads a delivery's public id.</summary>
    public static bool TryParseDelivery(string text, out long id) => TryParse(text, DeliveryPrefix, out id);

    private static string Write(string prefix, long id) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{id}");

    private static bool TryParse(string text, string prefix, out long id)
    {
        id = 0;
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }
}
