using System.Net;
using Inventory.Server.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;

namespace Inventory.Server.Security;

/// <summary>
/// The one place where it is decided who may do what: every request for an endpoint passes here, gRPC, REST, CSV and
/// pages alike. Closed by default. A header that was judged before costs one look-up and no allocation.
/// </summary>
internal sealed class Gate(
    Credentials credentials,
    AuthenticationOptions options,
    LiveCalls live,
    AccessRefusals refusals
)
{
    /// <summary>Who calls where nothing is configured and it is Development: this machine, as everything.</summary>
    public static readonly Caller Dev = new()
    {
        Name = "dev",
        Scopes = Scopes.All,
        Standing = new(),
    };

    public Task PassAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is not { } endpoint)
        {
            // Nothing is there, which is for everyone to know.
            return next(http);
        }

        var access = Access.Of(endpoint);
        if (access is { IsOpen: true })
        {
            return next(http);
        }

        var headers = http.Request.Headers.Authorization;
        var caller =
            headers.Count == 0 ? Unnamed(http)
            : headers.Count == 1 ? credentials.Recall(headers[0]!)
            : null;
        return caller is not null ? AdmitAsync(http, access, caller, next) : JudgeAsync(http, access, next);
    }

    private async Task JudgeAsync(HttpContext http, Access? access, RequestDelegate next)
    {
        var result = await http.AuthenticateAsync(BearerHandler.SchemeName);
        var task = result switch
        {
            { Succeeded: true } => AdmitAsync(http, access, http.Features.GetRequiredFeature<Caller>(), next),
            { Failure: BearerHandler.NotTakenException refused } => refusals.WriteAsync(http, refused.Error),
            _ => refusals.WriteAsync(http, AccessErrors.Missing),
        };
        await task;
    }

    private Task AdmitAsync(HttpContext http, Access? access, Caller caller, RequestDelegate next)
    {
        if (access is null)
        {
            return refusals.WriteAsync(http, AccessErrors.Undeclared);
        }

        if (!caller.Has(access.Required))
        {
            return refusals.WriteAsync(http, AccessErrors.ScopeMissing(ScopeNames.Of(access.Required)));
        }

        http.Features.Set(caller);
        return access.IsLong ? live.WatchAsync(http, caller, next) : next(http);
    }

    private Caller? Unnamed(HttpContext http) => options.TrustsLoopback && IsFromHere(http) ? Dev : null;

    /// <summary>
    /// A proxy on this machine brings callers from elsewhere, and a page can bring a browser here under a name of its
    /// own: neither is this machine.
    /// </summary>
    private static bool IsFromHere(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && !http.Request.Headers.ContainsKey("X-Forwarded-For")
        && !http.Request.Headers.ContainsKey("Forwarded")
        && (HttpProtocol.IsHttp2(http.Request.Protocol) || IsOwnName(http.Request.Host.Host));

    private static bool IsOwnName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
