using Grpc.Core;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

/// <summary>In Development with nothing configured this machine needs no credential, and nobody else gets in.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class DevelopmentTests : RestFixture
{
    [Test]
    public async Task A_call_from_this_machine_is_the_developers()
    {
        var held = await Hold(await Given.Stock(onHand: 1));
        var rest = await Get($"/v1/reservations/{held.ReservationId}");
        var metrics = await Get("/metrics");

        Assert.That(held.Caller, Is.EqualTo("dev"));
        Assert.That((rest.Status, metrics.Status), Is.EqualTo((200, 200)));
    }

    [TestCase("X-Forwarded-For", "203.0.113.7")]
    [TestCase("Forwarded", "for=203.0.113.7")]
    public async Task A_call_that_a_proxy_on_this_machine_brings_is_not(string header, string value)
    {
        var rest = await Get("/v1/inventory", (header, value));
        var grpc = await Refused(Stock.ListInventoryAsync(new(), new Metadata { { header, value } }));

        Assert.That((rest.Status, rest.Reason), Is.EqualTo((401, "CREDENTIALS_MISSING")));
        Assert.That(grpc.Code, Is.EqualTo(StatusCode.Unauthenticated));
    }

    [Test]
    public async Task A_page_that_reaches_this_machine_under_a_name_of_its_own_is_not()
    {
        var rest = await Get("/v1/inventory", ("Host", "evil.example"));
        var local = await Get("/v1/inventory", ("Host", "localhost:5081"));

        Assert.That((rest.Status, local.Status), Is.EqualTo((401, 200)));
    }

    [TestCase("Bearer eyJhbGciOiJub25lIn0.e30.")]
    [TestCase("Bearer invk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_credential_that_cannot_be_judged_is_not_overlooked(string header)
    {
        var rest = await Get("/v1/inventory", ("authorization", header));

        Assert.That((rest.Status, rest.Reason), Is.EqualTo((401, "CREDENTIALS_INVALID")));
    }

    [Test]
    public async Task Who_is_not_asked_for_is_said_loudly_at_the_start()
    {
        await using var cluster = await TestDatabase.CreateAsync();
        await using var server = await PublishedServer.StartAsync(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["INVENTORY_DEMO_ITEMS"] = "0",
                ["ConnectionStrings__Inventory"] = cluster.ConnectionString,
                ["ConnectionStrings__Redis"] = cluster.RedisConnectionString,
            }
        );

        await Eventually.TrueAsync(() => server.Output.Contains("may do everything", StringComparison.Ordinal));
        Assert.That(server.Output, Does.Contain("WARNING: no authentication is configured"));
        Assert.That(
            server.Output,
            Does.Contain("No authentication is configured: whoever calls from this machine is dev")
        );
    }

    [Test]
    public async Task In_Production_a_server_that_nobody_could_call_does_not_start()
    {
        await using var server = PublishedServer.Launch(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ConnectionStrings__Inventory"] = Database.ConnectionString,
            }
        );

        Assert.That(await server.ExitAsync(), Is.EqualTo(2));
        Assert.That(
            server.Output,
            Does.Contain("INVENTORY_JWT_ISSUER").And.Contain("INVENTORY_API_KEYS").And.Contain("INVENTORY_USERS")
        );
    }

    [Test]
    public async Task In_Production_this_machine_needs_a_credential_too()
    {
        await using var server = await PublishedServer.StartAsync(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ConnectionStrings__Inventory"] = Database.ConnectionString,
                [Setting.ApiKeys.Key] = "on",
            }
        );
        using var http = new HttpClient { BaseAddress = server.Http };

        using var answer = await http.GetAsync(new Uri("/v1/inventory", UriKind.Relative));

        Assert.That((int)answer.StatusCode, Is.EqualTo(401));
    }
}
