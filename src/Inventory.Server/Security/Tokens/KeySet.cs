using System.Security.Cryptography;
using System.Text.Json;

namespace Inventory.Server.Security.Tokens;

/// <summary>
/// A JSON Web Key Set (RFC 7517): the keys in it that can sign tokens here. RSA of 2,048 to 8,192 bits for RS256, P-256
/// for ES256; all others are passed over, as the standard asks.
/// </summary>
internal sealed class KeySet
{
    private const int KeysMax = 100;
    private const int RsaBitsMin = 2_048;
    private const int RsaBitsMax = 8_192;
    private const int CoordinateBytes = 32;

    private KeySet(IReadOnlyList<SigningKey> keys) => Keys = keys;

    public static KeySet Empty { get; } = new([]);

    public IReadOnlyList<SigningKey> Keys { get; }

    /// <summary>
    /// By its id and its algorithm together. A token without an id finds a key only where there is no choice.
    /// </summary>
    public SigningKey? Find(string? keyId, string algorithm)
    {
        SigningKey? found = null;
        foreach (var key in Keys)
        {
            if (key.Algorithm == algorithm && (keyId is null || key.KeyId == keyId))
            {
                if (found is not null)
                {
                    return null;
                }

                found = key;
            }
        }

        return found;
    }

    /// <summary>Keys that stay keep their standing; those that are gone lose it.</summary>
    public KeySet Succeeding(KeySet old)
    {
        var kept = Keys.Select(k => old.Keys.FirstOrDefault(k.IsSameAs) ?? k).ToList();
        foreach (var gone in old.Keys.Except(kept))
        {
            gone.Standing.End();
        }

        return new(kept);
    }

    /// <exception cref="FormatException">It is no set of public keys, or none of them is of use.</exception>
    public static KeySet Parse(ReadOnlyMemory<byte> bytes)
    {
        using var json = StrictJson.ReadObject(bytes);
        if (
            json is null
            || !json.RootElement.TryGetProperty("keys", out var list)
            || list.ValueKind != JsonValueKind.Array
        )
        {
            throw new FormatException("it is no JSON Web Key Set");
        }

        if (list.GetArrayLength() > KeysMax)
        {
            throw new FormatException($"it holds more than {KeysMax} keys");
        }

        var keys = list.EnumerateArray().Select(Read).OfType<SigningKey>().ToList();
        if (keys.Count == 0)
        {
            throw new FormatException(
                $"it holds no key for signatures by RS256 (RSA, {RsaBitsMin} bits or more) or ES256 (P-256)"
            );
        }

        // Two keys of one id and kind: nobody could say which is meant.
        return keys.GroupBy(k => (k.KeyId, k.Algorithm)).Any(g => g.Key.KeyId is not null && g.Count() > 1)
            ? throw new FormatException("it gives one kid to two keys of one kind")
            : new(keys);
    }

    private static SigningKey? Read(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object || !StrictJson.TryText(key, "kid", out var keyId))
        {
            return null;
        }

        if (key.TryGetProperty("d", out _))
        {
            throw new FormatException("it holds a private key; publish the public one");
        }

        if (!IsForSignatures(key))
        {
            return null;
        }

        try
        {
            return Text(key, "kty") switch
            {
                "RSA" when Text(key, "alg") is null or SigningKey.Rs256 => ReadRsa(key, keyId),
                "EC" when Text(key, "alg") is null or SigningKey.Es256 => ReadEc(key, keyId),
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            // Numbers that are no key, such as a point beside the curve.
            return null;
        }
    }

    private static bool IsForSignatures(JsonElement key) =>
        Text(key, "use") is null or "sig"
        && (!key.TryGetProperty("key_ops", out _) || StrictJson.Texts(key, "key_ops")?.Contains("verify") == true);

    private static SigningKey? ReadRsa(JsonElement key, string? keyId)
    {
        if (Bytes(key, "n") is not { } n || Bytes(key, "e") is not { } e)
        {
            return null;
        }

        var modulus = n.AsSpan().TrimStart((byte)0);
        var exponent = e.AsSpan().TrimStart((byte)0);
        var bits = modulus.IsEmpty ? 0 : modulus.Length * 8 - (7 - int.Log2(modulus[0]));
        // With an exponent of 1 every text signs itself.
        var isSound = exponent.Length is >= 1 and <= 4 && (exponent[^1] & 1) == 1 && !(exponent is [1]);
        return bits is >= RsaBitsMin and <= RsaBitsMax && isSound
            ? new(keyId, new RSAParameters { Modulus = modulus.ToArray(), Exponent = exponent.ToArray() })
            : null;
    }

    private static SigningKey? ReadEc(JsonElement key, string? keyId) =>
        Text(key, "crv") == "P-256"
        && Bytes(key, "x") is { Length: CoordinateBytes } x
        && Bytes(key, "y") is { Length: CoordinateBytes } y
            ? new(
                keyId,
                new ECParameters
                {
                    Curve = ECCurve.NamedCurves.nistP256,
                    Q = new() { X = x, Y = y },
                }
            )
            : null;

    /// <summary>What is no text is taken for a text that nothing matches.</summary>
    private static string? Text(JsonElement key, string name) =>
        StrictJson.TryText(key, name, out var text) ? text : "";

    private static byte[]? Bytes(JsonElement key, string name) =>
        StrictJson.TryText(key, name, out var text) && text is not null ? StrictBase64.Decode(text) : null;
}
