using System.Net;
using System.Text.Json;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Inventory.Server.Tests.Health;

[Parallelizable(ParallelScope.Self)]
public sealed class HealthTests : ServerFixture
{
    private const string Reservation = "inventory.v1.ReservationService";

    private Grpc.Health.V1.Health.HealthClient Client => new(Server.Channel);

    [TestCase("")]
    [TestCase(Reservation)]
    public async Task A_server_that_is_ready_says_that_it_serves(string service)
    {
        var answer = await Client.CheckAsync(new() { Service = service });

        Assert.That(answer.Status, Is.EqualTo(ServingStatus.Serving));
    }

    [Test]
    public async Task All_services_are_listed_with_the_server()
    {
        var answer = await Client.ListAsync(new());

        Assert.That(answer.Statuses.Keys, Is.SupersetOf(new[] { "", Reservation, "grpc.health.v1.Health" }));
        Assert.That(answer.Statuses.Values.Select(s => s.Status), Is.All.EqualTo(ServingStatus.Serving));
    }

    [Test]
    public async Task An_unknown_service_is_not_found_and_a_watch_of_it_stays_open()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client.CheckAsync(new() { Service = "none" })
        );
        using var watch = Client.Watch(new() { Service = "none" });
        await watch.ResponseStream.MoveNext();

        Assert.That(refused!.StatusCode, Is.EqualTo(StatusCode.NotFound));
        Assert.That(watch.ResponseStream.Current.Status, Is.EqualTo(ServingStatus.ServiceUnknown));
    }

    [Test]
    public async Task GET_health_tells_of_each_probe_and_of_the_version()
    {
        using var answer = await Server.Http.GetAsync("/health");
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(body.RootElement.GetProperty("status").GetString(), Is.EqualTo("ready"));
        Assert.That(body.RootElement.GetProperty("version").GetString(), Does.StartWith("0.1.0"));
        Assert.That(
            body.RootElement.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString()),
            Is.EquivalentTo(["database", "migrations", "settings", "followers"])
        );
    }

    [Test]
    public async Task GET_alive_needs_no_database()
    {
        await using var alone = await HostedServer.StartAsync("Host=127.0.0.1;Port=1;Database=none;Username=none");

        using var alive = await alone.Http.GetAsync("/alive");
        using var health = await alone.Http.GetAsync("/health");
        var body = await health.Content.ReadAsStringAsync();
        var check = await new Grpc.Health.V1.Health.HealthClient(alone.Channel).CheckAsync(new());

        Assert.That(alive.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(health.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(body, Does.Contain("not_ready").And.Not.Contain("127.0.0.1"));
        Assert.That(check.Status, Is.EqualTo(ServingStatus.NotServing));
    }

    [Test]
    public async Task A_database_that_is_not_migrated_is_not_ready_and_says_what_to_run()
    {
        var empty = new NpgsqlConnectionStringBuilder(Database.ConnectionString) { SearchPath = "not_migrated" };
        await using var unready = await HostedServer.StartAsync(empty.ConnectionString);

        using var before = await unready.Http.GetAsync("/health");
        var body = await before.Content.ReadAsStringAsync();
        await new Engine.Database.Migrator(unready.Part<Engine.Database.Cell>()).ApplyAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => unready.Part<Server.Health.ServingState>().Now.Serving);

        Assert.That(before.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(body, Does.Contain("run Inventory.Server migrate"));
    }
}
