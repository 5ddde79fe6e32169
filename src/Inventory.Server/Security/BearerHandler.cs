using System.Security.Claims;
using System.Text.Encodings.Web;
using Inventory.Server.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Inventory.Server.Security;

/// <summary>
/// The scheme Bearer of ASP.NET: tokens and API keys. The gate asks it for a header that it does not remember.
/// </summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    Credentials credentials
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";

    /// <summary>Why a credential was not taken.</summary>
    internal sealed class NotTakenException(ApiError error) : Exception(error.Details.Message)
    {
        public ApiError Error { get; } = error;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var headers = Request.Headers.Authorization;
        if (headers.Count == 0)
        {
            return AuthenticateResult.NoResult();
        }

        if (headers is not [{ } header])
        {
            return AuthenticateResult.Fail(new NotTakenException(AccessErrors.Invalid("there is more than one")));
        }

        var verdict = await credentials.JudgeAsync(header, Context.RequestAborted);
        if (verdict.Caller is not { } caller)
        {
            return AuthenticateResult.Fail(new NotTakenException(verdict.Error!));
        }

        Context.Features.Set(caller);
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, caller.Name)], SchemeName);
        return AuthenticateResult.Success(new(new(identity), SchemeName));
    }
}
