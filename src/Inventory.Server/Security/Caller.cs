using System.Collections.Frozen;
using Inventory.Server.Security.Rates;
using Inventory.Server.Security.Tokens;

namespace Inventory.Server.Security;

/// <summary>Who calls, once proven, and what they may do. One object serves all calls with one credential.</summary>
internal sealed class Caller
{
    /// <summary>
    /// The principal and not the credential: what the journal names as actor, and whose request ids they are. Each kind
    /// has a prefix, so that no token can name itself after an API key.
    /// </summary>
    public required string Name { get; init; }

    public required Scopes Scopes { get; init; }

    /// <summary>Codes or ids of the warehouses whose stock the caller may change; null: any.</summary>
    public FrozenSet<string>? Warehouses { get; init; }

    /// <summary>From then on the credential must be judged anew.</summary>
    public DateTimeOffset LapsesAt { get; init; } = DateTimeOffset.MaxValue;

    public required Standing Standing { get; init; }

    /// <summary>
    /// SHA-256 of the certificate that the connection must have shown, as cnf says it; null: whoever has the token may.
    /// </summary>
    public string? BoundTo { get; init; }

    /// <summary>By which a token can be ended before its time; null: it cannot.</summary>
    public string? TokenId { get; init; }

    /// <summary>The tokens that were; null: this is none.</summary>
    public RevokedTokens? Revoked { get; init; }

    /// <summary>Came by a session's cookie, which browsers send whoever makes them.</summary>
    public bool IsInSession { get; init; }

    /// <summary>All that such a caller may do is to set a password.</summary>
    public bool MustChangePassword { get; init; }

    /// <summary>Of all calls of this name; null: there is no limit.</summary>
    public TokenBucket? Bucket { get; init; }

    public bool Has(Scopes required) => (Scopes & required) == required;

    public bool IsCurrent(DateTimeOffset now) =>
        !Standing.HasEnded && now < LapsesAt && !(TokenId is not null && Revoked!.Has(TokenId));
}
