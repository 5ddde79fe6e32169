using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Inventory.Server.Security.Tokens;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

[Parallelizable(ParallelScope.Self)]
public sealed class SigningKeysTests
{
    [Test]
    public async Task A_key_that_is_new_is_found_at_once_and_what_strangers_cause_is_limited()
    {
        using var issuer = new Issuer();
        using var next = RSA.Create(2048);
        var (time, published, readings) = (new ManualTime(), issuer.Keys(), 0);
        using var keys = new SigningKeys(
            _ => Read(published, () => readings++),
            time,
            NullLogger<SigningKeys>.Instance
        );
        await keys.ReadAsync(CancellationToken.None);
        published = new JsonObject { ["keys"] = new JsonArray(Issuer.RsaJwk(next, "rsa-2")) };

        time.Now += SigningKeys.CausedEvery;
        var found = await keys.FindAgainAsync(Token("rsa-2"), CancellationToken.None);
        for (var i = 0; i < 100; i++)
        {
            await keys.FindAgainAsync(Token($"forged-{i}"), CancellationToken.None);
        }

        Assert.That(found?.KeyId, Is.EqualTo("rsa-2"));
        Assert.That(readings, Is.EqualTo(2));
    }

    [Test]
    public async Task Callers_of_a_key_that_is_withdrawn_are_believed_no_more_and_others_are()
    {
        using var issuer = new Issuer();
        var published = issuer.Keys();
        using var keys = new SigningKeys(_ => Read(published), new ManualTime(), NullLogger<SigningKeys>.Instance);
        await keys.ReadAsync(CancellationToken.None);
        var (rsa, ec) = (keys.Find(Token(Issuer.RsaKeyId))!, keys.Find(Token(Issuer.EcKeyId, "ES256"))!);

        published = new JsonObject { ["keys"] = new JsonArray(Issuer.EcJwk(issuer.Ec, Issuer.EcKeyId)) };
        await keys.ReadAsync(CancellationToken.None);

        Assert.That((rsa.Standing.HasEnded, ec.Standing.HasEnded), Is.EqualTo((true, false)));
        Assert.That(keys.Find(Token(Issuer.RsaKeyId)), Is.Null);
    }

    [Test]
    public async Task An_issuer_that_is_away_is_believed_for_a_day()
    {
        using var issuer = new Issuer();
        var (time, away) = (new ManualTime(), false);
        using var keys = new SigningKeys(
            _ => away ? throw new HttpRequestException("away") : Read(issuer.Keys()),
            time,
            NullLogger<SigningKeys>.Instance
        );
        await keys.ReadAsync(CancellationToken.None);
        var key = keys.Find(Token(Issuer.RsaKeyId))!;

        away = true;
        time.Now += SigningKeys.BelievedFor;
        await keys.ReadAsync(CancellationToken.None);
        var stillFound = keys.Find(Token(Issuer.RsaKeyId));
        time.Now += TimeSpan.FromSeconds(1);
        await keys.ReadAsync(CancellationToken.None);

        Assert.That(stillFound, Is.SameAs(key));
        Assert.That(
            (keys.Find(Token(Issuer.RsaKeyId)), key.Standing.HasEnded, keys.AreKnown),
            Is.EqualTo(((SigningKey?)null, true, false))
        );
    }

    [TestCase("RSA of 1,024 bits")]
    [TestCase("RSA with an exponent of 1")]
    [TestCase("RSA with an even exponent")]
    [TestCase("RSA for encryption")]
    [TestCase("RSA for RS512")]
    [TestCase("RSA for signing only")]
    [TestCase("P-384")]
    [TestCase("P-384 that says P-256")]
    [TestCase("a point beside the curve")]
    [TestCase("a point of zeros")]
    [TestCase("a symmetric key")]
    [TestCase("an Edwards curve")]
    [TestCase("a kid that is a number")]
    public void A_key_that_is_not_sound_is_not_taken(string which)
    {
        using var issuer = new Issuer();
        var set = new JsonObject { ["keys"] = new JsonArray(Unsound(issuer, which)) };

        var refusal = Assert.Throws<FormatException>(() => KeySet.Parse(Bytes(set)));

        Assert.That(refusal.Message, Does.StartWith("it holds no key"));
    }

    [Test]
    public void One_kid_for_two_keys_of_one_kind_is_refused_and_for_two_kinds_each_is_found_by_its_own()
    {
        using var issuer = new Issuer();
        using var other = RSA.Create(2048);
        var same = new JsonObject
        {
            ["keys"] = new JsonArray(Issuer.RsaJwk(issuer.Rsa, "k"), Issuer.RsaJwk(other, "k")),
        };
        var two = new JsonObject
        {
            ["keys"] = new JsonArray(Issuer.RsaJwk(issuer.Rsa, "k"), Issuer.EcJwk(issuer.Ec, "k")),
        };

        var found = KeySet.Parse(Bytes(two));

        Assert.Throws<FormatException>(() => KeySet.Parse(Bytes(same)));
        Assert.That(found.Find("k", "RS256")?.Algorithm, Is.EqualTo("RS256"));
        Assert.That(found.Find("k", "ES256")?.Algorithm, Is.EqualTo("ES256"));
        Assert.That(found.Find("k", "HS256"), Is.Null);
    }

    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"keys":{}}""")]
    [TestCase("""{"keys":[],"keys":[]}""")]
    [TestCase("-----BEGIN PUBLIC KEY-----")]
    public void What_is_no_key_set_is_refused(string text) =>
        Assert.Throws<FormatException>(() => KeySet.Parse(Encoding.UTF8.GetBytes(text)));

    [Test]
    public void A_set_with_a_private_key_is_refused_whole()
    {
        using var issuer = new Issuer();
        var keys = issuer.Keys();
        keys["keys"]![0]!["d"] = "AAAA";

        Assert.That(Assert.Throws<FormatException>(() => KeySet.Parse(Bytes(keys))).Message, Does.Contain("private"));
    }

    private static JsonObject Unsound(Issuer issuer, string which)
    {
        using var small = RSA.Create(1024);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var (rsa, ec) = (Issuer.RsaJwk(issuer.Rsa, "k"), Issuer.EcJwk(issuer.Ec, "k"));
        return which switch
        {
            "RSA of 1,024 bits" => Issuer.RsaJwk(small, "k"),
            "RSA with an exponent of 1" => With(rsa, "e", "AQ"),
            "RSA with an even exponent" => With(rsa, "e", "AQAA"),
            "RSA for encryption" => With(rsa, "use", "enc"),
            "RSA for RS512" => With(rsa, "alg", "RS512"),
            "RSA for signing only" => With(rsa, "key_ops", new JsonArray("sign")),
            "P-384" => Issuer.EcJwk(p384, "k", "P-384"),
            "P-384 that says P-256" => Issuer.EcJwk(p384, "k"),
            "a point beside the curve" => With(ec, "y", (string)ec["x"]!),
            "a point of zeros" => With(With(ec, "x", Issuer.Encode(new byte[32])), "y", Issuer.Encode(new byte[32])),
            "a symmetric key" => new JsonObject
            {
                ["kty"] = "oct",
                ["k"] = "AAAA",
                ["kid"] = "k",
            },
            "an Edwards curve" => new JsonObject
            {
                ["kty"] = "OKP",
                ["crv"] = "Ed25519",
                ["x"] = "AAAA",
                ["kid"] = "k",
            },
            "a kid that is a number" => With(rsa, "kid", 1),
            _ => throw new ArgumentOutOfRangeException(nameof(which)),
        };
    }

    private static JsonObject With(JsonObject key, string name, JsonNode value)
    {
        key[name] = value;
        return key;
    }

    private static SignedToken Token(string keyId, string algorithm = "RS256") => new(algorithm, keyId, [], [], []);

    private static Task<byte[]> Read(JsonObject keys, Action? counted = null)
    {
        counted?.Invoke();
        return Task.FromResult(Bytes(keys));
    }

    private static byte[] Bytes(JsonObject keys) => Encoding.UTF8.GetBytes(keys.ToJsonString());
}
