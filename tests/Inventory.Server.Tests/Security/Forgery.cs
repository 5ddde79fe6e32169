using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Inventory.Server.Tests.Security;

/// <summary>What the tricks are made of.</summary>
internal static class Forgery
{
    public static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Of P-256, big-endian: r and s are less.</summary>
    public static byte[] Order =>
        Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    public static string Good() => Issuer.Claims().ToJsonString();

    public static JsonObject Ec() => Issuer.Header("ES256", Issuer.EcKeyId);

    public static string Unsigned(string algorithm) =>
        $"{Issuer.Encode(Issuer.Header(algorithm).ToJsonString())}.{Issuer.Encode(Good())}.";

    public static string Hmac(byte[] key, string keyId = Issuer.RsaKeyId) =>
        Issuer.Seal(Issuer.Header("HS256", keyId).ToJsonString(), Good(), bytes => HMACSHA256.HashData(key, bytes));

    public static string ByAStranger(JsonObject header, Action<JsonObject, RSA>? change = null)
    {
        using var key = RSA.Create(2048);
        change?.Invoke(header, key);
        return Issuer.Seal(
            header.ToJsonString(),
            Good(),
            bytes => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        );
    }

    public static string Headed(Issuer issuer, Action<JsonObject> change)
    {
        var header = Issuer.Header();
        change(header);
        return issuer.Sign(header.ToJsonString(), Good());
    }

    public static string Raw(Issuer issuer, byte[] header)
    {
        var signed = $"{Issuer.Encode(header)}.{Issuer.Encode(Good())}";
        var seal = issuer.Rsa.SignData(
            Encoding.ASCII.GetBytes(signed),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return $"{signed}.{Issuer.Encode(seal)}";
    }

    public static string Spliced(Issuer issuer)
    {
        var parts = issuer.Token().Split('.');
        return $"{parts[0]}.{Issuer.Encode(Issuer.Claims("admin").ToJsonString())}.{parts[2]}";
    }

    public static string Turned(string token)
    {
        var at = token.LastIndexOf('.') + 5;
        return $"{token[..at]}{(token[at] == 'A' ? 'B' : 'A')}{token[(at + 1)..]}";
    }

    /// <summary>64 bytes are 86 letters, of which the last carries four bits that no byte takes.</summary>
    public static string Loose(string token)
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return token[..^1] + letters[letters.IndexOf(token[^1], StringComparison.Ordinal) | 1];
    }
}
