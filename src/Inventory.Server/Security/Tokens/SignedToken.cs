using System.Text;
using System.Text.Json;

namespace Inventory.Server.Security.Tokens;

/// <summary>
/// A JWT in compact form (RFC 7515), taken apart and not yet believed. Nothing in its header chooses how it is judged
/// beyond which of our keys, and by the one algorithm that this key has: jku, x5u, jwk and x5c are not read.
/// </summary>
internal sealed record SignedToken(string Algorithm, string? KeyId, byte[] Signed, byte[] Payload, byte[] Signature)
{
    public const int LengthMax = 8 * 1024;

    private const int NameLengthMax = 256;

    /// <summary>
    /// What changes what the rest means: critical extensions, an unencoded payload, encryption, nesting.
    /// </summary>
    private static readonly string[] NeverTaken = ["crit", "b64", "enc", "zip", "cty"];

    /// <param name="text">As it was sent.</param>
    /// <param name="types">Which <c>typ</c> are taken, in small letters.</param>
    /// <param name="flaw">What is wrong with it.</param>
    public static SignedToken? Parse(string text, IReadOnlyCollection<string> types, out string flaw)
    {
        flaw = "it is no signed token of three parts";
        // Five parts are encrypted; with two the signature was left out.
        if (text.Length > LengthMax || text.Split('.') is not [var head, var body, var seal])
        {
            return null;
        }

        if (
            StrictBase64.Decode(head) is not { } header
            || StrictBase64.Decode(body) is not { } payload
            || StrictBase64.Decode(seal) is not { } signature
        )
        {
            flaw = "a part of it is no base64url";
            return null;
        }

        using var json = StrictJson.ReadObject(header);
        if (json is null)
        {
            flaw = "its header is no JSON object, or names a member twice";
            return null;
        }

        return Read(json.RootElement, types, out flaw) is { } names
            ? new(
                names.Algorithm,
                names.KeyId,
                Encoding.ASCII.GetBytes(text, 0, head.Length + 1 + body.Length),
                payload,
                signature
            )
            : null;
    }

    private static (string Algorithm, string? KeyId)? Read(
        JsonElement header,
        IReadOnlyCollection<string> types,
        out string flaw
    )
    {
        if (Array.Find(NeverTaken, name => header.TryGetProperty(name, out _)) is { } refused)
        {
            flaw = $"its header has {refused}";
            return null;
        }

        if (!StrictJson.TryText(header, "typ", out var type) || !types.Contains(ShortType(type)))
        {
            flaw = "its typ is not one that is taken here";
            return null;
        }

        if (
            !StrictJson.TryText(header, "alg", out var algorithm)
            || algorithm is not (SigningKey.Rs256 or SigningKey.Es256)
        )
        {
            flaw = "its alg is neither RS256 nor ES256";
            return null;
        }

        if (!StrictJson.TryText(header, "kid", out var keyId) || keyId?.Length > NameLengthMax)
        {
            flaw = "its kid is no name";
            return null;
        }

        flaw = "";
        return (algorithm, keyId);
    }

    /// <summary>Media types may leave out their first half, and have no case (RFC 7515, 4.1.9).</summary>
    private static string ShortType(string? type)
    {
        const string application = "application/";
        var small = (type ?? "").ToLowerInvariant();
        return small.StartsWith(application, StringComparison.Ordinal) ? small[application.Length..] : small;
    }
}
