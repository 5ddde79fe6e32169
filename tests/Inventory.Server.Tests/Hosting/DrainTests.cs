using Grpc.Core;
using Inventory.Server.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Inventory.Server.Tests.Hosting;

[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DrainTests
{
    private TestDatabase database = null!;
    private HostedServer server = null!;

    [SetUp]
    public async Task StartServer()
    {
        database = await TestDatabase.CreateAsync();
        server = await HostedServer.StartAsync(database.ConnectionString);
        await Eventually.TrueAsync(() => server.Part<Server.Health.ServingState>().Now.Serving);
    }

    [TearDown]
    public async Task StopServer()
    {
        await server.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task A_call_in_flight_at_a_stop_finishes()
    {
        var sku = await new Given(database.Tables).Stock(onHand: 1);
        var row = await LockedRow.TakeAsync(database.Tables, sku);
        var call = server.Reservations.ReserveInventoryAsync(Order(sku));
        await Eventually.TrueAsync(() => LockedRow.IsWantedAsync(database.Tables));

        var stop = server.StopAsync();
        await Eventually.TrueAsync(() => server.Part<Drain>().Begun.IsCancellationRequested);
        var stoppedEarly = stop.IsCompleted;
        await row.DisposeAsync();
        var answer = await call;
        await stop;

        Assert.That(stoppedEarly, Is.False);
        Assert.That(answer.Reservation.State, Is.EqualTo(ReservationState.Held));
        Assert.That(server.Log.Alarms, Is.Empty);
    }

    [Test]
    public async Task A_stream_in_flight_at_a_stop_answers_what_was_read_and_sends_its_caller_elsewhere()
    {
        var sku = await new Given(database.Tables).Stock(onHand: 1);
        var row = await LockedRow.TakeAsync(database.Tables, sku);
        using var call = server.Reservations.ReserveInventoryStream();
        await call.RequestStream.WriteAsync(new() { Reserve = Order(sku) });
        await Eventually.TrueAsync(() => LockedRow.IsWantedAsync(database.Tables));

        var stop = server.StopAsync();
        await Eventually.TrueAsync(() => server.Part<Drain>().Begun.IsCancellationRequested);
        await row.DisposeAsync();
        var answered = await call.ResponseStream.MoveNext();
        var ended = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        await stop;

        Assert.That(answered, Is.True);
        Assert.That(ended!.StatusCode, Is.EqualTo(StatusCode.Unavailable));
        Assert.That(await new Then(database.Tables).Reserved(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task A_watch_hears_NOT_SERVING_while_the_server_still_answers()
    {
        await using var slow = await HostedServer.StartAsync(database.ConnectionString, (Setting.DrainDelay, "300"));
        await Eventually.TrueAsync(() => slow.Part<Server.Health.ServingState>().Now.Serving);
        var client = new Grpc.Health.V1.Health.HealthClient(slow.Channel);
        using var watch = client.Watch(new());
        await watch.ResponseStream.MoveNext();
        var first = watch.ResponseStream.Current.Status;

        using var giveUp = new CancellationTokenSource();
        var stop = slow.StopAsync(giveUp.Token);
        await watch.ResponseStream.MoveNext();
        var second = watch.ResponseStream.Current.Status;
        var check = await client.CheckAsync(new());
        using var health = await slow.Http.GetAsync("/health");
        await giveUp.CancelAsync();

        Assert.That((first, second), Is.EqualTo((ServingStatus.Serving, ServingStatus.NotServing)));
        Assert.That(check.Status, Is.EqualTo(ServingStatus.NotServing));
        Assert.That((int)health.StatusCode, Is.EqualTo(503));
        Assert.That(await health.Content.ReadAsStringAsync(), Does.Contain("draining"));
        // A job that was just running is given up too, and the host tells of each by itself.
        var ended = (await Assert.CatchAsync(() => stop))!;
        IEnumerable<Exception> causes = ended is AggregateException several ? several.InnerExceptions : [ended];
        Assert.That(causes, Is.All.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task An_open_watch_does_not_hold_the_stop()
    {
        using var watch = new Grpc.Health.V1.Health.HealthClient(server.Channel).Watch(new());
        await watch.ResponseStream.MoveNext();

        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));
        var ended = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await watch.ResponseStream.MoveNext()) { }
        });

        Assert.That(ended!.StatusCode, Is.EqualTo(StatusCode.Unavailable));
    }

    private static ReserveInventoryRequest Order(string sku) =>
        new()
        {
            RequestId = Some.RequestId(),
            Lines =
            {
                new ReserveLine { Sku = sku, Quantity = 1 },
            },
        };
}
