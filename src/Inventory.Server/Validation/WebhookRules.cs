using System.Net;
using Inventory.Server.Events.Webhooks;

namespace Inventory.Server.Validation;

/// <summary>Rules for what the server is to call. They answer null when all is well.</summary>
internal static class WebhookRules
{
    private const int UrlLengthMax = 2_000;

    private static readonly Problem NotHttps = Problem.Format("an https:// URL without user, password or fragment");
    private static readonly Problem NotHttp = Problem.Format("an http(s):// URL without user, password or fragment");
    private static readonly Problem NotPublic = new("OUT_OF_RANGE", "has a host that is not on the public internet");

    /// <summary>
    /// A name's addresses are judged when it is called: what they are now says nothing of what they will be then.
    /// </summary>
    /// <param name="text">Required.</param>
    /// <param name="allowPrivate">http:// and private addresses are taken.</param>
    public static Problem? Url(string text, bool allowPrivate)
    {
        if (TextRules.Required(text, UrlLengthMax) is { } wrong)
        {
            return wrong;
        }

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
