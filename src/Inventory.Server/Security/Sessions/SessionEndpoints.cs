using System.Text.Json;
using Inventory.Engine.Users;
using Inventory.Server.Errors;
using Inventory.Server.Hosting;
using Inventory.Server.Rest;
using Inventory.Server.Security.Rates;
using Inventory.Server.Security.Users;
using Inventory.Server.Telemetry;
using Inventory.Server.Validation;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;

namespace Inventory.Server.Security.Sessions;

/// <summary>/session for pages, and /sign-in for people.</summary>
internal sealed class SessionEndpoints(
    SignIn signIn,
    Sessions sessions,
    EndSession end,
    IAntiforgery antiforgery,
    RateLimits rates,
    AccessRefusals refusals,
    TimeProvider time,
    ILogger<SessionEndpoints> logger
)
{
    private const string Path = "/session";
    private const string Challenge = "Session realm=\"inventory\"";
    private static readonly JsonSerializerOptions Json = JsonSerializerOptions.Web;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        if (!endpoints.ServiceProvider.GetRequiredService<ServerOptions>().Authentication.Users)
        {
            return;
        }

        var session = endpoints.ServiceProvider.GetRequiredService<SessionEndpoints>();
        endpoints.MapPost(Path, session.BeginAsync).WithMetadata(Access.Open);
        endpoints.MapRead(Path, session.TellAsync).WithMetadata(Access.Session);
        endpoints.MapDelete(Path, session.EndAsync).WithMetadata(Access.Session);
        endpoints.MapPost($"{Path}/password", session.ChangePasswordAsync).WithMetadata(Access.Session);
        PageFiles.Map(endpoints, "/sign-in", "sign-in.html", "text/html; charset=utf-8");
        PageFiles.Map(endpoints, "/sign-in/sign-in.js", "sign-in.js", "text/javascript; charset=utf-8");
        PageFiles.Map(endpoints, "/sign-in/sign-in.css", "sign-in.css", "text/css; charset=utf-8");
    }

    /// <summary>Each attempt is a stranger's, whoever it turns out to be.</summary>
    private Task BeginAsync(HttpContext http) =>
        GuardAsync(
            http,
            async () =>
            {
                if (CrossSite.Is(http.Request))
                {
                    return SessionErrors.CrossSite;
                }

                if (!rates.OfStranger(http.Connection.RemoteIpAddress).TryTake(rates.Now, out var wait))
                {
                    return AccessErrors.RateLimited(wait);
                }

                // A cookie that is set here would be looked at on the other port no more.
                if (http.Features.Get<PagePort>() is null)
                {
                    return RestErrors.RouteUnknown(http.Request.Method, http.Request.Path);
                }

                var given = await SessionBody.ReadAsync(
                    http,
                    ("name", UserRules.NameLengthMax),
                    ("password", PasswordRules.LengthMax)
                );
                var judged = await signIn.JudgeAsync(http, given[0], given[1]);
                return judged.Error ?? await OpenAsync(http, judged, time.GetUtcNow());
            }
        );

    private Task TellAsync(HttpContext http) =>
        GuardAsync(
            http,
            async () =>
            {
                await WriteAsync(http);
                return null;
            }
        );

    private Task EndAsync(HttpContext http) =>
        GuardAsync(
            http,
            async () =>
            {
                var session = http.Features.GetRequiredFeature<Session>();
                var from = Acting.From(http, http.Features.GetRequiredFeature<Caller>().Name);
                await end.ExecuteAsync(
                    session.UserId,
                    session.TokenId,
                    session.EndsAt.UtcDateTime,
                    from,
                    http.RequestAborted
                );
                await http.SignOutAsync(SessionSetup.Scheme);
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                return null;
            }
        );

    private Task ChangePasswordAsync(HttpContext http) =>
        GuardAsync(
            http,
            async () =>
            {
                var given = await SessionBody.ReadAsync(
                    http,
                    ("current", PasswordRules.LengthMax),
                    ("new", PasswordRules.LengthMax)
                );
                var member = http.Features.GetRequiredFeature<UserRing.Member>();
                var judged = await signIn.ChangeAsync(http, member, given[0], given[1]);
                // The other sessions end with the old stamp; this one goes on, and not for longer.
                return judged.Error ?? await OpenAsync(http, judged, http.Features.GetRequiredFeature<Session>().Since);
            }
        );

    private async Task<ApiError?> OpenAsync(HttpContext http, SignIn.Judged judged, DateTimeOffset since)
    {
        if (await sessions.OpenAsync(http, judged.UserId, judged.Stamp, since) is { } refusal)
        {
            return refusal;
        }

        await WriteAsync(http);
        return null;
    }

    private async Task WriteAsync(HttpContext http)
    {
        var member = http.Features.GetRequiredFeature<UserRing.Member>();
        var session = http.Features.GetRequiredFeature<Session>();
        var token = antiforgery.GetAndStoreTokens(http).RequestToken!;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsJsonAsync(
            new SessionAnswer(
                member.User.Name,
                member.CallerName,
                member.User.Roles,
                member.User.MustChange ? [] : ScopeNames.In(member.Grant.Scopes),
                member.Grant.Warehouses?.Order(StringComparer.Ordinal).ToArray(),
                member.User.MustChange,
                session.EndsAt,
                token
            ),
            Json,
            http.RequestAborted
        );
    }

    private async Task GuardAsync(HttpContext http, Func<Task<ApiError?>> answer)
    {
        ApiError? error;
        try
        {
            error = await answer();
        }
        catch (RestRefusal refusal)
        {
            await RestCall.WriteErrorAsync(http, refusal.Error.Details, refusal.HttpStatus);
            return;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away.GetBaseException()))
        {
            logger.DatabaseAway(Path, away.GetBaseException().Message);
            error = Faults.DatabaseUnavailable;
        }

        if (error == SessionErrors.SignInRefused)
        {
            // Written down already, with what the caller is not told.
            http.Response.Headers.WWWAuthenticate = Challenge;
            await RestCall.WriteErrorAsync(http, error.Details, StatusCodes.Status401Unauthorized);
        }
        else if (error is not null)
        {
            await refusals.WriteAsync(http, error, http.Features.Get<Caller>());
        }
    }
}
