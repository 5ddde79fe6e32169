using System.Text.Json.Nodes;
using Grpc.Core;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

[Parallelizable(ParallelScope.Self)]
public sealed class TokenTests : SecuredFixture
{
    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    [TestCaseSource(typeof(TokenTricks), nameof(TokenTricks.All))]
    public async Task A_trick_is_not_believed(object trick) =>
        await AssertNotBelieved(((TokenTricks.Trick)trick)(Issuer));

    [Test]
    public async Task A_token_by_RSA_is_believed() => await AssertBelieved(Issuer.Token());

    [Test]
    public async Task A_token_by_an_elliptic_curve_is_believed() =>
        await AssertBelieved(
            Issuer.SignByEc(Issuer.Header("ES256", Issuer.EcKeyId).ToJsonString(), Issuer.Claims().ToJsonString())
        );

    [Test]
    public async Task A_token_for_several_audiences_of_a_full_media_type_without_kid_is_believed()
    {
        var header = Issuer.Header();
        header["typ"] = "application/AT+JWT";
        header.Remove("kid");

        await AssertBelieved(
            Issuer.Sign(
                header.ToJsonString(),
                Issuer.Claims(change: c => c["aud"] = new JsonArray("orders", Issuer.Audience)).ToJsonString()
            )
        );
    }

    [Test]
    public async Task Scopes_may_stand_in_scp_and_come_of_roles()
    {
        await AssertBelieved(Issuer.Token("", c => c["scp"] = new JsonArray("stock.read")));
        await AssertBelieved(Issuer.Token("", c => c["scp"] = "reports.read stock.read"));
        await AssertBelieved(Issuer.Token("", c => c["roles"] = new JsonArray("viewer")));
        await AssertBelieved(Issuer.Token("admin"));
    }

    [Test]
    public async Task Thirty_seconds_of_skew_are_borne_and_no_more()
    {
        await AssertBelieved(Issuer.Token(change: c => c["exp"] = Now - 15));
        await AssertBelieved(Issuer.Token(change: c => c["nbf"] = Now + 15));
        await AssertNotBelieved(Issuer.Token(change: c => c["exp"] = Now - 31), "CREDENTIALS_EXPIRED");
    }

    [Test]
    public async Task A_token_that_was_believed_is_not_when_its_time_is_over()
    {
        var token = Issuer.Token(change: c => c["exp"] = Now - 28);
        await AssertBelieved(token);

        await Testing.Eventually.TrueAsync(async () =>
            (await ByGrpc($"Bearer {token}"))?.Reason == "CREDENTIALS_EXPIRED"
        );

        await AssertNotBelieved(token, "CREDENTIALS_EXPIRED");
    }

    [Test]
    public async Task Without_a_credential_nobody_is_believed_though_they_call_from_this_machine()
    {
        var grpc = await ByGrpc();
        var rest = await ByRest();

        Assert.That((grpc?.Code, grpc?.Reason), Is.EqualTo((StatusCode.Unauthenticated, "CREDENTIALS_MISSING")));
        Assert.That((rest.Status, rest.Reason), Is.EqualTo((401, "CREDENTIALS_MISSING")));
        Assert.That(rest.Headers["WWW-Authenticate"], Is.EqualTo("Bearer realm=\"inventory\""));
    }

    [TestCase("Basic YWxpY2U6c2VjcmV0")]
    [TestCase("Digest username=\"alice\"")]
    [TestCase("Bearer")]
    public async Task Another_scheme_is_not_taken(string header)
    {
        var grpc = await ByGrpc(header);
        var rest = await ByRest(header);

        Assert.That((grpc?.Code, grpc?.Reason), Is.EqualTo((StatusCode.Unauthenticated, "CREDENTIALS_INVALID")));
        Assert.That((rest.Status, rest.Reason), Is.EqualTo((401, "CREDENTIALS_INVALID")));
    }

    [Test]
    public async Task Of_two_credentials_neither_is_taken()
    {
        var good = $"Authorization: Bearer {Issuer.Token()}\r\n";

        var once = await SendLine("GET", $"/v1/inventory HTTP/1.1\r\n{good}Connection: close\r\nX-Rest:");
        var twice = await SendLine("GET", $"/v1/inventory HTTP/1.1\r\n{good}{good}Connection: close\r\nX-Rest:");

        Assert.That(once, Does.StartWith("HTTP/1.1 200"));
        Assert.That(twice, Does.StartWith("HTTP/1.1 401").And.Contain("CREDENTIALS_INVALID"));
    }

    [Test]
    public async Task Nothing_of_a_credential_is_logged_or_told()
    {
        var token = Issuer.Token(change: c => c["iss"] = "https://evil.example");

        var rest = await ByRest($"Bearer {token}");

        Assert.That(rest.Text, Does.Not.Contain(token[..20]).And.Not.Contain("evil.example"));
        Assert.That(Server.Log.Entries.Where(e => e.Text.Contains(token[^20..], StringComparison.Ordinal)), Is.Empty);
    }
}
