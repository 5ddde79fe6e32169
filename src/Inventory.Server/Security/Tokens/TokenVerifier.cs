using Inventory.Server.Errors;
using Inventory.Server.Security.Rates;

namespace Inventory.Server.Security.Tokens;

/// <summary>
/// Judges a token, in one order: its form, its header, the key, the signature, and only then what it says.
/// </summary>
internal sealed class TokenVerifier(
    TokenOptions options,
    SigningKeys keys,
    RevokedTokens revoked,
    RateLimits rates,
    TimeProvider time
)
{
    /// <summary>Before a subject; API keys and certificates have their own.</summary>
    private const string NamePrefix = "sub:";

    public async ValueTask<Verdict> JudgeAsync(string text, CancellationToken cancellation)
    {
        if (SignedToken.Parse(text, options.Types, out var flaw) is not { } token)
        {
            return AccessErrors.Invalid(flaw);
        }

        var key = keys.Find(token) ?? await keys.FindAgainAsync(token, cancellation);
        if (key is null)
        {
            return keys.AreKnown
                ? AccessErrors.Invalid("no key of the issuer has its kid and alg")
                : AccessErrors.Unjudged;
        }

        if (!key.Verifies(token.Signed, token.Signature))
        {
            return AccessErrors.Invalid("its signature does not hold");
        }

        if (TokenClaims.Read(token.Payload, options, time.GetUtcNow(), out flaw) is not { } claims)
        {
            return flaw == TokenClaims.Expired ? AccessErrors.Expired : AccessErrors.Invalid(flaw);
        }

        if (claims.TokenId is { } id && revoked.Has(id))
        {
            return AccessErrors.Revoked;
        }

        return new Caller
        {
            Name = NamePrefix + claims.Subject,
            Scopes = claims.Grant.Scopes,
            Warehouses = claims.Grant.Warehouses,
            LapsesAt = claims.LapsesAt,
            BoundTo = claims.BoundTo,
            TokenId = claims.TokenId,
            Revoked = revoked,
            Standing = key.Standing,
            Bucket = rates.OfCaller(NamePrefix + claims.Subject),
        };
    }
}
