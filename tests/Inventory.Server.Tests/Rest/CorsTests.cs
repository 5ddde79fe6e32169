using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Rest;

[Parallelizable(ParallelScope.Self)]
public sealed class CorsTests : RestFixture
{
    private const string Allowed = "https://shop.example";

    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(fresh.ConnectionString, (Setting.CorsOrigins, $"{Allowed}, https://ops.example:8443"));

    [TestCase(Allowed, Allowed)]
    [TestCase("https://ops.example:8443", "https://ops.example:8443")]
    [TestCase("https://shop.example.evil", null)]
    [TestCase("http://shop.example", null)]
    [TestCase("null", null)]
    public async Task A_page_may_call_if_its_origin_is_listed(string origin, string? allowed)
    {
        var answer = await Get("/v1/items/none", ("Origin", origin));

        Assert.That(answer.Headers.GetValueOrDefault("Access-Control-Allow-Origin"), Is.EqualTo(allowed));
        Assert.That(answer.Status, Is.EqualTo(404), "an error can be read too");
    }

    [Test]
    public async Task A_browser_that_asks_first_is_told_methods_and_headers()
    {
        var answer = await Send(
            "OPTIONS",
            "/v1/items/none",
            null,
            ("Origin", Allowed),
            ("Access-Control-Request-Method", "PATCH"),
            ("Access-Control-Request-Headers", "if-match,content-type")
        );

        Assert.That(answer.Status, Is.EqualTo(204));
        Assert.That(answer.Headers["Access-Control-Allow-Methods"], Does.Contain("PATCH"));
        Assert.That(answer.Headers["Access-Control-Allow-Headers"], Does.Contain("if-match"));
    }

    [Test]
    public async Task Nothing_is_allowed_where_nothing_is_configured()
    {
        await using var server = await HostedServer.StartAsync(Database.ConnectionString);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/items/none");
        request.Headers.Add("Origin", Allowed);

        using var response = await server.Http.SendAsync(request);

        Assert.That(response.Headers.Select(h => h.Key), Has.None.StartsWith("Access-Control"));
    }

    [TestCase("shop.example")]
    [TestCase("*")]
    [TestCase("https://shop.example/")]
    [TestCase("ftp://shop.example")]
    public void What_is_no_origin_is_named_before_anything_starts(string origins)
    {
        var start = async () =>
        {
            await using var server = await HostedServer.StartAsync("Host=any", (Setting.CorsOrigins, origins));
        };

        Assert.That(
            start,
            Throws
                .TypeOf<ConfigurationException>()
                .With.Message.Contains($"INVENTORY_CORS_ORIGINS (--cors-origins) has '{origins}'")
        );
    }
}
