using System.Net;
using Inventory.Server.Errors;
using Inventory.Server.Security.Certificates;
using Inventory.Server.Security.Rates;
using Inventory.Server.Security.Sessions;
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
    RateLimits rates,
    AccessRefusals refusals,
    ClientCertificates? certificates = null,
    Sessions.Sessions? sessions = null
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
        return caller is not null ? AdmitAsync(http, access, caller, next)
            : headers.Count == 0 && sessions?.IsShown(http) == true ? JudgeSessionAsync(http, access, next)
            : JudgeAsync(http, access, next);
    }

    /// <summary>
    /// A cookie counts where nothing else says who calls: a header, which no browser adds by itself, goes before it. To
    /// judge one is cheap, so who is not believed pays afterwards, and others at the same address are let alone.
    /// </summary>
    private async Task JudgeSessionAsync(HttpContext http, Access? access, RequestDelegate next)
    {
        var verdict = await sessions!.JudgeAsync(http);
        if (verdict.Caller is not { } caller)
        {
            var isRoom = rates.OfStranger(http.Connection.RemoteIpAddress).TryTake(rates.Now, out var wait);
            await refusals.WriteAsync(http, isRoom ? verdict.Error! : AccessErrors.RateLimited(wait));
            return;
        }

        await (
            await sessions.FindForgeryAsync(http) is { } forged
                ? refusals.WriteAsync(http, forged, caller)
                : AdmitAsync(http, access, caller, next)
        );
    }

    private async Task JudgeAsync(HttpContext http, Access? access, RequestDelegate next)
    {
        var stranger = rates.OfStranger(http.Connection.RemoteIpAddress);
        if (!stranger.HasOne(rates.Now, out var wait))
        {
            // Before anything is looked at: to judge costs more than to ask.
            await refusals.WriteAsync(http, AccessErrors.RateLimited(wait));
            return;
        }

        var result = await http.AuthenticateAsync(BearerHandler.SchemeName);
        if (!result.Succeeded)
        {
            stranger.TryTake(rates.Now, out _);
        }

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
            return refusals.WriteAsync(http, AccessErrors.Undeclared, caller);
        }

        if (caller.BoundTo is { } bound && certificates?.Is(http.Connection.ClientCertificate, bound) != true)
        {
            return refusals.WriteAsync(http, AccessErrors.Unbound);
        }

        if (access.IsForSessions ? !caller.IsInSession : caller.MustChangePassword)
        {
            var refusal = access.IsForSessions ? SessionErrors.Required : SessionErrors.MustChangePassword;
            return refusals.WriteAsync(http, refusal, caller);
        }

        if (!caller.Has(access.Required))
        {
            return refusals.WriteAsync(http, AccessErrors.ScopeMissing(ScopeNames.Of(access.Required)), caller);
        }

        if (caller.Bucket?.TryTake(rates.Now, out var wait) == false)
        {
            return refusals.WriteAsync(http, AccessErrors.RateLimited(wait));
        }

        http.Features.Set(caller);
        return access.IsLong ? live.WatchAsync(http, caller, next) : next(http);
    }

    /// <summary>Without a header: by the connection's certificate, if it has one.</summary>
    private Caller? Unnamed(HttpContext http) =>
        certificates is not null && http.Connection.ClientCertificate is { } shown ? certificates.Find(shown)
        : options.TrustsLoopback && IsFromHere(http) ? Dev
        : null;

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
