namespace Inventory.Server.Security.Sessions;

/// <summary>
/// How the cookies of a session are called and kept: out of reach of scripts, sent by our own pages only, and, where
/// there is TLS, by TLS only and for this one host (the prefix __Host- makes browsers insist).
/// </summary>
/// <param name="isSecure">Whether browsers reach the server by TLS, its own or a proxy's.</param>
internal sealed class SessionCookie(bool isSecure)
{
    private const string HostPrefix = "__Host-";

    public string Name => Prefixed("inventory_session");

    public CookieBuilder Session => Make(Name);

    public CookieBuilder Antiforgery => Make(Prefixed("inventory_csrf"));

    private string Prefixed(string name) => isSecure ? HostPrefix + name : name;

    private Strict Make(string name) =>
        new(isSecure)
        {
            Name = name,
            Path = "/",
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            SecurePolicy = CookieSecurePolicy.None,
            IsEssential = true,
        };

    /// <summary>ASP.NET judges by the connection, which is in clear text behind a proxy that ends TLS.</summary>
    private sealed class Strict(bool isSecure) : CookieBuilder
    {
        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var options = base.Build(context, expiresFrom);
            options.Secure = isSecure;
            return options;
        }
    }
}
