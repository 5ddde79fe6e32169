using System.Diagnostics.CodeAnalysis;

namespace Inventory.Server.Rest.Routing;

/// <summary>
/// The path of a request, cut at its slashes before it is decoded: a SKU may hold a slash, as %2F, and a colon that is
/// no verb, as %3A. (The host's own path keeps %2F as it is, and so cannot be decoded again.)
/// </summary>
internal sealed class RequestPath
{
    private readonly string rawLast;

    private RequestPath(string[] segments, string rawLast)
    {
        Segments = segments;
        this.rawLast = rawLast;
    }

    /// <summary>Decoded.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <param name="target">As it stands in the request's first line.</param>
    /// <param name="path">Null when it is not well encoded.</param>
    public static bool TryParse(string target, [NotNullWhen(true)] out RequestPath? path)
    {
        path = null;
        var text = target.AsSpan();
        if (text.IndexOf("://", StringComparison.Ordinal) is var scheme && scheme > 0 && text[0] != '/')
        {
            // The absolute form, which proxies send.
            var slash = text[(scheme + 3)..].IndexOf('/');
            text = slash < 0 ? "/" : text[(scheme + 3 + slash)..];
        }

        var end = text.IndexOfAny('?', '#');
        text = end < 0 ? text : text[..end];
        if (text is not ['/', ..])
        {
            return false;
        }

        var raw = text[1..].ToString().Split('/');
        var segments = new string[raw.Length];
        for (var i = 0; i < raw.Length; i++)
        {
            if (!PercentText.TryDecode(raw[i], out var decoded))
            {
                return false;
            }

            segments[i] = decoded;
        }

        path = new(segments, raw[^1]);
        return true;
    }

    /// <summary>The last segment without ":verb" behind it; false when it has another verb or none.</summary>
    public bool TryCutVerb(string verb, [NotNullWhen(true)] out string? last)
    {
        last = null;
        var colon = rawLast.LastIndexOf(':');
        return colon >= 0
            && rawLast.AsSpan(colon + 1).SequenceEqual(verb)
            && PercentText.TryDecode(rawLast[..colon], out last);
    }
}
