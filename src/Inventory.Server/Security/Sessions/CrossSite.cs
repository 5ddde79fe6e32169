namespace Inventory.Server.Security.Sessions;

/// <summary>
/// Whether a browser says that another site's page made it ask. Programs say nothing of the kind, and pass. It is the
/// second lock: the token is the first.
/// </summary>
internal static class CrossSite
{
    private const string FetchSite = "Sec-Fetch-Site";

    public static bool Is(HttpRequest request)
    {
        var site = request.Headers[FetchSite];
        if (site.Count > 0)
        {
            // none: a person typed it.
            return site is not ["same-origin" or "none"];
        }

        var origin = request.Headers.Origin;
        return origin.Count > 0 && !(origin is [{ } one] && IsOwn(one, request.Host));
    }

    /// <summary>By host and port: a proxy that ends TLS changes the scheme.</summary>
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url.Host.Equals(host.Host, StringComparison.OrdinalIgnoreCase)
        && (host.Port is { } port ? port == url.Port : url.IsDefaultPort);
}
