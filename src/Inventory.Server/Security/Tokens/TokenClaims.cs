using System.Security.Cryptography;
using System.Text.Json;

namespace Inventory.Server.Security.Tokens;

/// <summary>What a token says, judged; read only after its signature has held.</summary>
/// <param name="Subject">Whom it is about.</param>
/// <param name="Grant">What they may do.</param>
/// <param name="LapsesAt">When it is believed no more, skew included.</param>
/// <param name="BoundTo">The thumbprint of the certificate that its sender must show; null: bound to none.</param>
/// <param name="TokenId">Its jti, by which it can be ended before its time; null: it has none.</param>
internal sealed record TokenClaims(
    string Subject,
    Grant Grant,
    DateTimeOffset LapsesAt,
    string? BoundTo,
    string? TokenId
)
{
    public const string Expired = "it has expired";

    /// <summary>How far the issuer's clock may be from ours.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private const string ExpiryClaim = "exp";
    private const int SubjectLengthMax = 200;

    /// <summary>The last second that a date can hold.</summary>
    private const double SecondsMax = 253_402_300_799;

    /// <summary>
    /// What only ID tokens and logout tokens have. They say who somebody is to the application that asked, and allow
    /// nothing.
    /// </summary>
    private static readonly string[] OfIdTokens = ["nonce", "at_hash", "c_hash", "s_hash", "events"];

    /// <param name="payload">The bytes that were signed.</param>
    /// <param name="options">Whose tokens are taken.</param>
    /// <param name="now">The server's time.</param>
    /// <param name="flaw">What is wrong with it.</param>
    public static TokenClaims? Read(byte[] payload, TokenOptions options, DateTimeOffset now, out string flaw)
    {
        using var json = StrictJson.ReadObject(payload);
        if (json is null)
        {
            flaw = "its claims are no JSON object, or name a member twice";
            return null;
        }

        var claims = json.RootElement;
        if ((PurposeFlaw(claims, options) ?? TimeFlaw(claims, now)) is { } found)
        {
            flaw = found;
            return null;
        }

        if (ReadSubject(claims) is not { } subject)
        {
            flaw = "it names no subject";
            return null;
        }

        if (ReadGrant(claims) is not { } grant)
        {
            flaw = "its scope, scp, roles or warehouses are no texts";
            return null;
        }

        flaw = "";
        if (!StrictJson.TryText(claims, "jti", out var tokenId))
        {
            flaw = "its jti is no text";
            return null;
        }

        var boundTo = claims.TryGetProperty("cnf", out var bound) ? BoundCertificate(bound) : null;
        return new(subject, grant, Seconds(claims, ExpiryClaim)!.Value + Skew, boundTo, tokenId);
    }

    private static string? PurposeFlaw(JsonElement claims, TokenOptions options)
    {
        if (Array.Find(OfIdTokens, name => claims.TryGetProperty(name, out _)) is { } mark)
        {
            return $"it is no access token: it has {mark}";
        }

        // Some issuers say within what their header leaves open.
        if (claims.TryGetProperty("typ", out _) && !IsText(claims, "typ", "Bearer"))
        {
            return "it is no access token by its claim typ";
        }

        if (claims.TryGetProperty("token_use", out _) && !IsText(claims, "token_use", "access"))
        {
            return "it is no access token by its claim token_use";
        }

        if (claims.TryGetProperty("cnf", out var bound) && BoundCertificate(bound) is null)
        {
            return "it is bound to a key that its sender cannot show here";
        }

        if (!StrictJson.TryText(claims, "iss", out var issuer) || issuer != options.Issuer)
        {
            return "its issuer is not the one that is trusted here";
        }

        return StrictJson.Texts(claims, "aud")?.Contains(options.Audience, StringComparer.Ordinal) == true
            ? null
            : "it is made for another audience";
    }

    /// <summary>RFC 8705: by the SHA-256 of a certificate, and by nothing else beside it.</summary>
    private static string? BoundCertificate(JsonElement bound) =>
        bound.ValueKind == JsonValueKind.Object
        && bound.EnumerateObject().Count() == 1
        && bound.TryGetProperty("x5t#S256", out var member)
        && StrictJson.TryText(member, out var text)
        && StrictBase64.Decode(text)?.Length == SHA256.HashSizeInBytes
            ? text
            : null;

    private static string? TimeFlaw(JsonElement claims, DateTimeOffset now)
    {
        if (Seconds(claims, ExpiryClaim) is not { } expires)
        {
            return "it does not say when it expires";
        }

        foreach (var name in (string[])["nbf", "iat"])
        {
            if (claims.TryGetProperty(name, out _) && !(Seconds(claims, name) <= now + Skew))
            {
                return "it is not valid yet";
            }
        }

        return now < expires + Skew ? null : Expired;
    }

    private static string? ReadSubject(JsonElement claims) =>
        StrictJson.TryText(claims, "sub", out var subject)
        && subject is { Length: > 0 and <= SubjectLengthMax }
        && !subject.Any(char.IsControl)
            ? subject
            : null;

    /// <summary>scope is a list with blanks between (RFC 8693), scp that or a list; both are taken together.</summary>
    private static Grant? ReadGrant(JsonElement claims)
    {
        var warehouses = StrictJson.Texts(claims, "warehouses");
        return
            StrictJson.Texts(claims, "scope") is { } scope
            && StrictJson.Texts(claims, "scp") is { } scp
            && StrictJson.Texts(claims, "roles") is { } roles
            && warehouses is not null
            ? Grant.Of(
                scope.Concat(scp).SelectMany(s => s.Split(' ')),
                roles,
                claims.TryGetProperty("warehouses", out _) ? warehouses : null
            )
            : null;
    }

    private static bool IsText(JsonElement claims, string name, string expected) =>
        StrictJson.TryText(claims, name, out var text) && expected.Equals(text, StringComparison.OrdinalIgnoreCase);

    /// <summary>A NumericDate: seconds since 1970, with fractions if it likes.</summary>
    private static DateTimeOffset? Seconds(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var member)
        && member.ValueKind == JsonValueKind.Number
        && member.TryGetDouble(out var seconds)
        && seconds is >= 0 and < SecondsMax
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;
}
