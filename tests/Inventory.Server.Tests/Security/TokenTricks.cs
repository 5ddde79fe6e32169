using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;
using static Inventory.Server.Tests.Security.Forgery;

namespace Inventory.Server.Tests.Security;

/// <summary>Every published way to be believed without a valid access token, each by its name.</summary>
internal static class TokenTricks
{
    /// <summary>Makes the forged credential; the issuer is there where a trick needs a good signature.</summary>
    public delegate string Trick(Issuer issuer);

    private static readonly byte[] Nothing = new byte[64];

    public static IEnumerable<TestCaseData> All =>
        Signatures.Concat(Headers).Concat(Forms).Concat(Purposes).Concat(Claims).Select(Case);

    private static TestCaseData Case((string Name, Trick Trick) trick) =>
        new TestCaseData(trick.Trick).SetArgDisplayNames(trick.Name);

    private static IEnumerable<(string, Trick)> Signatures =>
        [
            ("alg none", i => Unsigned("none")),
            ("alg None", i => Unsigned("None")),
            ("alg nOnE", i => Unsigned("nOnE")),
            ("alg none with a signature", i => i.Sign(Issuer.Header("none").ToJsonString(), Good())),
            ("no signature", i => i.Token()[..(i.Token().LastIndexOf('.') + 1)]),
            ("two parts", i => i.Token()[..i.Token().LastIndexOf('.')]),
            (
                "HS256 with the public key as PEM",
                i => Hmac(Encoding.ASCII.GetBytes(i.Rsa.ExportSubjectPublicKeyInfoPem()))
            ),
            (
                "HS256 with the public key as PEM and a new line",
                i => Hmac(Encoding.ASCII.GetBytes(i.Rsa.ExportSubjectPublicKeyInfoPem() + "\n"))
            ),
            ("HS256 with the public key as DER", i => Hmac(i.Rsa.ExportSubjectPublicKeyInfo())),
            ("HS256 with the modulus", i => Hmac(i.Rsa.ExportParameters(false).Modulus!)),
            ("HS256 with an empty key", i => Hmac([])),
            ("another issuer's key under the same kid", i => ByAStranger(Issuer.Header())),
            ("claims changed after signing", i => Spliced(i)),
            ("a bit of the signature turned", i => Turned(i.Token())),
            (
                "RS256 over a kid of an EC key",
                i => i.Sign(Issuer.Header("RS256", Issuer.EcKeyId).ToJsonString(), Good())
            ),
            ("ES256 over a kid of an RSA key", i => i.SignByEc(Issuer.Header("ES256").ToJsonString(), Good())),
            ("ES256 of zeros", i => Issuer.Seal(Ec().ToJsonString(), Good(), _ => Nothing)),
            (
                "ES256 of r zero",
                i => Issuer.Seal(Ec().ToJsonString(), Good(), _ => [.. Nothing[..32], .. Nothing[..31], 1])
            ),
            (
                "ES256 of the order of the curve",
                i => Issuer.Seal(Ec().ToJsonString(), Good(), _ => [.. Order, .. Order])
            ),
            ("ES256 in DER", i => i.SignByEc(Ec().ToJsonString(), Good(), DSASignatureFormat.Rfc3279DerSequence)),
            ("ES256 with a byte more", i => $"{i.SignByEc(Ec().ToJsonString(), Good())}AA"),
            (
                "RS256 padded by PSS",
                i =>
                    Issuer.Seal(
                        Issuer.Header().ToJsonString(),
                        Good(),
                        bytes => i.Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)
                    )
            ),
            (
                "RS256 over SHA-1",
                i =>
                    Issuer.Seal(
                        Issuer.Header().ToJsonString(),
                        Good(),
                        bytes => i.Rsa.SignData(bytes, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1)
                    )
            ),
            (
                "RS512",
                i =>
                    Issuer.Seal(
                        Issuer.Header("RS512").ToJsonString(),
                        Good(),
                        bytes => i.Rsa.SignData(bytes, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1)
                    )
            ),
            (
                "PS256",
                i =>
                    Issuer.Seal(
                        Issuer.Header("PS256").ToJsonString(),
                        Good(),
                        bytes => i.Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)
                    )
            ),
        ];

    private static IEnumerable<(string, Trick)> Headers =>
        [
            (
                "a key of its own in jwk",
                i => ByAStranger(Issuer.Header(), (header, key) => header["jwk"] = Issuer.RsaJwk(key, "x"))
            ),
            (
                "a key of its own by jku",
                i => ByAStranger(Issuer.Header(keyId: "x"), (header, _) => header["jku"] = "https://evil.example/keys")
            ),
            (
                "a key of its own by x5u",
                i => ByAStranger(Issuer.Header(keyId: "x"), (header, _) => header["x5u"] = "https://evil.example/cert")
            ),
            (
                "a key of its own in x5c",
                i =>
                    ByAStranger(
                        Issuer.Header(),
                        (header, key) =>
                            header["x5c"] = new JsonArray(Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()))
                    )
            ),
            ("a kid that is a path", i => Hmac([], "../../../../dev/null")),
            ("a kid that is SQL", i => Hmac(Encoding.ASCII.GetBytes("x"), "x' UNION SELECT 'x")),
            ("a kid that is not known", i => i.Sign(Issuer.Header(keyId: "rsa-2").ToJsonString(), Good())),
            ("a kid that is a number", i => Headed(i, h => h["kid"] = 1)),
            ("crit", i => Headed(i, h => h["crit"] = new JsonArray("exp"))),
            ("crit, empty", i => Headed(i, h => h["crit"] = new JsonArray())),
            ("b64 false", i => Headed(i, h => h["b64"] = false)),
            ("zip", i => Headed(i, h => h["zip"] = "DEF")),
            ("nested by cty", i => Headed(i, h => h["cty"] = "JWT")),
            ("no alg", i => Headed(i, h => h.Remove("alg"))),
            ("alg null", i => Headed(i, h => h["alg"] = null)),
            ("alg in a list", i => Headed(i, h => h["alg"] = new JsonArray("RS256"))),
            ("alg in small letters", i => Headed(i, h => h["alg"] = "rs256")),
            (
                "alg twice, the last is good",
                i => i.Sign("""{"alg":"none","alg":"RS256","typ":"at+jwt","kid":"rsa-1"}""", Good())
            ),
            (
                "alg twice, one escaped",
                i => i.Sign("""{"alg":"RS256","\u0061lg":"none","typ":"at+jwt","kid":"rsa-1"}""", Good())
            ),
            ("a header that is a list", i => i.Sign("[]", Good())),
            ("a header with a comment", i => i.Sign("""{"alg":"RS256",/**/"typ":"at+jwt","kid":"rsa-1"}""", Good())),
            (
                "a header that is not UTF-8",
                i => Raw(i, [.. "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\""u8, 0xff, .. "\"}"u8])
            ),
        ];

    private static IEnumerable<(string, Trick)> Forms =>
        [
            (
                "five parts, as if encrypted",
                i => $"{Issuer.Encode("""{"alg":"dir","enc":"A256GCM","typ":"at+jwt"}""")}..AAAA.AAAA.AAAA"
            ),
            ("enc", i => Headed(i, h => h["enc"] = "A256GCM")),
            ("an empty part", i => $".{Issuer.Encode(Good())}.AAAA"),
            ("four parts", i => $"{i.Token()}.AAAA"),
            ("padding", i => $"{i.Token()}=="),
            ("a letter of base64 that base64url lacks", i => i.Token().Replace('_', '/').Replace('-', '+') + "+/"),
            ("white space within", i => i.Token().Insert(10, " ")),
            ("bits that no byte takes", i => Loose(i.SignByEc(Ec().ToJsonString(), Good()))),
            ("nothing", i => ""),
            ("dots", i => ".."),
            ("9 KiB", i => i.Token(change: c => c["filler"] = new string('x', 7_000))),
            ("JSON in place of the compact form", i => """{"payload":"e30","signatures":[]}"""),
        ];

    private static IEnumerable<(string, Trick)> Purposes =>
        [
            ("typ JWT where at+jwt is asked", i => Headed(i, h => h["typ"] = "JWT")),
            ("no typ", i => Headed(i, h => h.Remove("typ"))),
            ("typ of a logout token", i => Headed(i, h => h["typ"] = "logout+jwt")),
            ("typ of a proof", i => Headed(i, h => h["typ"] = "dpop+jwt")),
            ("an ID token by its nonce", i => i.Token(change: c => c["nonce"] = "n")),
            ("an ID token by its at_hash", i => i.Token(change: c => c["at_hash"] = "h")),
            ("an ID token by its c_hash", i => i.Token(change: c => c["c_hash"] = "h")),
            ("a logout token by its events", i => i.Token(change: c => c["events"] = new JsonObject())),
            ("an ID token by its claim typ", i => i.Token(change: c => c["typ"] = "ID")),
            ("a refresh token by its claim typ", i => i.Token(change: c => c["typ"] = "Refresh")),
            ("an ID token by its token_use", i => i.Token(change: c => c["token_use"] = "id")),
            (
                "bound to a certificate that is not shown",
                i => i.Token(change: c => c["cnf"] = new JsonObject { ["x5t#S256"] = "A" })
            ),
            (
                "bound to a certificate and to something else",
                i =>
                    i.Token(change: c =>
                        c["cnf"] = new JsonObject { ["x5t#S256"] = new string('A', 43), ["jkt"] = "A" }
                    )
            ),
            ("a jti that is no text", i => i.Token(change: c => c["jti"] = 7)),
            (
                "bound to a key that is not shown",
                i => i.Token(change: c => c["cnf"] = new JsonObject { ["jkt"] = "A" })
            ),
        ];

    private static IEnumerable<(string, Trick)> Claims =>
        [
            ("another issuer", i => i.Token(change: c => c["iss"] = "https://issuer.example.evil")),
            ("the issuer with a slash", i => i.Token(change: c => c["iss"] = $"{Issuer.Name}/")),
            ("the issuer in a list", i => i.Token(change: c => c["iss"] = new JsonArray(Issuer.Name))),
            ("no issuer", i => i.Token(change: c => c.Remove("iss"))),
            ("another audience", i => i.Token(change: c => c["aud"] = "orders")),
            ("an audience that only begins so", i => i.Token(change: c => c["aud"] = "inventory-test")),
            ("other audiences in a list", i => i.Token(change: c => c["aud"] = new JsonArray("orders", "payments"))),
            (
                "an audience that is an object",
                i => i.Token(change: c => c["aud"] = new JsonObject { ["inventory"] = true })
            ),
            ("no audience", i => i.Token(change: c => c.Remove("aud"))),
            ("no expiry", i => i.Token(change: c => c.Remove("exp"))),
            ("an expiry that is a text", i => i.Token(change: c => c["exp"] = "9999999999")),
            (
                "an expiry beyond all numbers",
                i =>
                    i.Sign(
                        Issuer.Header().ToJsonString(),
                        Good().Replace("\"exp\":", "\"exp\":1e999,\"was\":", StringComparison.Ordinal)
                    )
            ),
            ("an expiry beyond all dates", i => i.Token(change: c => c["exp"] = long.MaxValue)),
            ("not yet valid", i => i.Token(change: c => c["nbf"] = Now + 60)),
            ("issued in the future", i => i.Token(change: c => c["iat"] = Now + 60)),
            ("nbf that is a text", i => i.Token(change: c => c["nbf"] = "0")),
            ("no subject", i => i.Token(change: c => c.Remove("sub"))),
            ("an empty subject", i => i.Token(change: c => c["sub"] = "")),
            ("a subject with a line break", i => i.Token(change: c => c["sub"] = "alice\nkey:admin")),
            (
                "a subject that is half a pair",
                i =>
                    i.Sign(
                        Issuer.Header().ToJsonString(),
                        Good().Replace("\"alice\"", "\"\\ud800\"", StringComparison.Ordinal)
                    )
            ),
            ("a scope that is a number", i => i.Token(change: c => c["scope"] = 1)),
            (
                "a claim twice",
                i =>
                    i.Sign(
                        Issuer.Header().ToJsonString(),
                        Good().Replace("{", "{\"sub\":\"bob\",", StringComparison.Ordinal)
                    )
            ),
            ("claims that are a list", i => i.Sign(Issuer.Header().ToJsonString(), "[]")),
            ("claims that are no JSON", i => i.Sign(Issuer.Header().ToJsonString(), "sub=alice")),
            (
                "claims too deep",
                i =>
                    i.Sign(
                        Issuer.Header().ToJsonString(),
                        Good()[..^1] + ",\"a\":" + new string('[', 50) + new string(']', 50) + "}"
                    )
            ),
        ];
}
