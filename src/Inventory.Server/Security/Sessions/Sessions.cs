using Inventory.Server.Errors;
using Inventory.Server.Security.Tokens;
using Inventory.Server.Security.Users;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;

namespace Inventory.Server.Security.Sessions;

/// <summary>
/// Who stands behind a session's cookie, and whether it was their own page that sent the request: browsers add a cookie
/// whoever makes them ask.
/// </summary>
internal sealed class Sessions(
    UserRing ring,
    RevokedTokens revoked,
    IAntiforgery antiforgery,
    SessionCookie cookie,
    TimeProvider time
)
{
    /// <summary>Whether there is one to judge. Never for gRPC, and on the HTTP port only.</summary>
    public bool IsShown(HttpContext http) =>
        http.Request.Headers.Cookie.Count > 0
        && http.Features.Get<PagePort>() is not null
        && !AccessRefusals.IsGrpc(http.Request)
        && http.Request.Cookies.ContainsKey(cookie.Name);

    public async ValueTask<Verdict> JudgeAsync(HttpContext http)
    {
        var result = await http.AuthenticateAsync(SessionSetup.Scheme);
        if (!result.Succeeded || Session.Of(result.Principal) is not { } session)
        {
            return SessionErrors.Over;
        }

        var member = await ring.FindAsync(session.UserId, session.Stamp, http.RequestAborted);
        if (member is null)
        {
            return ring.IsKnown ? SessionErrors.Over : AccessErrors.Unjudged;
        }

        var caller = ToCaller(member, session);
        if (!caller.IsCurrent(time.GetUtcNow()))
        {
            return SessionErrors.Over;
        }

        http.User = result.Principal;
        http.Features.Set(session);
        http.Features.Set(member);
        return caller;
    }

    /// <summary>What is wrong with where a request comes from that may change something; null: nothing.</summary>
    public async ValueTask<ApiError?> FindForgeryAsync(HttpContext http) =>
        IsSafe(http.Request.Method) ? null
        : CrossSite.Is(http.Request) ? SessionErrors.CrossSite
        : await antiforgery.IsRequestValidAsync(http) ? null
        : SessionErrors.CsrfToken;

    /// <summary>Sets the cookie of a new session, which the rest of this request is in already.</summary>
    /// <returns>Null: it is open.</returns>
    public async ValueTask<ApiError?> OpenAsync(HttpContext http, int userId, Guid stamp, DateTimeOffset since)
    {
        if (await ring.FindAsync(userId, stamp, http.RequestAborted) is not { } member)
        {
            return ring.IsKnown ? SessionErrors.Over : AccessErrors.Unjudged;
        }

        var session = new Session(Guid.NewGuid(), userId, stamp, since);
        var principal = session.ToPrincipal();
        await http.SignInAsync(SessionSetup.Scheme, principal);
        http.User = principal;
        http.Features.Set(session);
        http.Features.Set(member);
        return null;
    }

    private Caller ToCaller(UserRing.Member member, Session session) =>
        new()
        {
            Name = member.CallerName,
            Scopes = member.User.MustChange ? Scopes.None : member.Grant.Scopes,
            Warehouses = member.Grant.Warehouses,
            LapsesAt = session.EndsAt,
            Standing = member.Standing,
            TokenId = session.TokenId,
            Revoked = revoked,
            Bucket = member.Bucket,
            IsInSession = true,
            MustChangePassword = member.User.MustChange,
        };

    /// <summary>RFC 9110, 9.2.1. No route of these changes anything.</summary>
    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
