using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inventory.Server.Hosting;
using Inventory.Testing;

namespace Inventory.Server.Tests.Security;

/// <summary>
/// An issuer of tokens with keys of its own, and the means to forge: header, claims and signature are each free to be
/// wrong.
/// </summary>
internal sealed class Issuer : IDisposable
{
    public const string Name = "https://issuer.example";
    public const string Audience = "inventory";
    public const string RsaKeyId = "rsa-1";
    public const string EcKeyId = "ec-1";

    public RSA Rsa { get; } = RSA.Create(2048);

    public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string KeysFile { get; } = Scratch.NewPath("keys");

    /// <summary>What a server is told that takes its tokens.</summary>
    public (Setting Setting, string Value)[] Settings =>
        [(Setting.JwtIssuer, Name), (Setting.JwtAudience, Audience), (Setting.JwtKeys, KeysFile)];

    public static Issuer Publish()
    {
        var issuer = new Issuer();
        File.WriteAllText(issuer.KeysFile, issuer.Keys().ToJsonString());
        return issuer;
    }

    public JsonObject Keys() => new() { ["keys"] = new JsonArray(RsaJwk(Rsa, RsaKeyId), EcJwk(Ec, EcKeyId)) };

    public static JsonObject RsaJwk(RSA key, string keyId)
    {
        var numbers = key.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = keyId,
            ["n"] = Encode(numbers.Modulus!),
            ["e"] = Encode(numbers.Exponent!),
        };
    }

    public static JsonObject EcJwk(ECDsa key, string keyId, string curve = "P-256")
    {
        var numbers = key.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["kty"] = "EC",
            ["crv"] = curve,
            ["kid"] = keyId,
            ["x"] = Encode(numbers.Q.X!),
            ["y"] = Encode(numbers.Q.Y!),
        };
    }

    public static JsonObject Header(string algorithm = "RS256", string keyId = RsaKeyId) =>
        new()
        {
            ["alg"] = algorithm,
            ["typ"] = "at+jwt",
            ["kid"] = keyId,
        };

    /// <summary>Good claims, and what a test makes of them.</summary>
    public static JsonObject Claims(string scope = "stock.read", Action<JsonObject>? change = null)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Name,
            ["aud"] = Audience,
            ["sub"] = "alice",
            ["iat"] = now,
            ["exp"] = now + 600,
            ["scope"] = scope,
        };
        change?.Invoke(claims);
        return claims;
    }

    /// <summary>A token as it should be.</summary>
    public string Token(string scope = "stock.read", Action<JsonObject>? change = null) =>
        Sign(Header().ToJsonString(), Claims(scope, change).ToJsonString());

    public string Sign(string header, string claims) =>
        Seal(header, claims, bytes => Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public string SignByEc(
        string header,
        string claims,
        DSASignatureFormat format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation
    ) => Seal(header, claims, bytes => Ec.SignData(bytes, HashAlgorithmName.SHA256, format));

    /// <summary>Any header, any claims, any signature.</summary>
    public static string Seal(string header, string claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public static string Text(string text) => JsonSerializer.Serialize(text);

    public void Dispose()
    {
        Rsa.Dispose();
        Ec.Dispose();
        File.Delete(KeysFile);
    }
}
