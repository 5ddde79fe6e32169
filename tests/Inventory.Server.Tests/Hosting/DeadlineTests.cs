using Grpc.Core;
using Inventory.Server.Hosting;
using Inventory.Server.Hosting.Deadlines;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using NUnit.Framework;
using ReservationState = Inventory.V1.ReservationState;

namespace Inventory.Server.Tests.Hosting;

/// <summary>A server whose calls have a second at most.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class DeadlineTests : RestFixture
{
    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(fresh.ConnectionString, (Setting.CallSeconds, "1"));

    [Test]
    public async Task A_call_without_a_deadline_ends_by_the_servers_and_the_same_request_finds_its_effect()
    {
        var sku = await Given.Stock(onHand: 1);
        var order = Order(sku);
        var row = await LockedRow.TakeAsync(Database.Tables, sku);

        var late = await Refused(Reservations.ReserveInventoryAsync(order));
        await row.DisposeAsync();
        var again = await Reservations.ReserveInventoryAsync(order);

        Assert.That((late.Code, late.Reason), Is.EqualTo((StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED")));
        Assert.That(again.Reservation.State, Is.EqualTo(ReservationState.Held));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task A_deadline_beyond_the_servers_is_the_servers()
    {
        var sku = await Given.Stock(onHand: 1);
        await using var row = await LockedRow.TakeAsync(Database.Tables, sku);
        var far = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1);

        var late = await Assert.ThrowsAsync<RpcException>(async () =>
            await Reservations.ReserveInventoryAsync(Order(sku), deadline: far)
        );

        Assert.That(late!.StatusCode, Is.EqualTo(StatusCode.DeadlineExceeded));
        Assert.That(TimeProvider.System.GetUtcNow().UtcDateTime, Is.LessThan(far.AddMinutes(-30)));
    }

    [TestCase]
    [TestCase("grpc-timeout", "1H")]
    [TestCase("X-Server-Timeout", "3600")]
    public async Task Over_REST_it_is_504(params string[] header)
    {
        var sku = await Given.Stock(onHand: 1);
        var order = $$"""{"requestId": "{{Some.RequestId()}}", "lines": [{"sku": "{{sku}}", "quantity": 1}]}""";
        await using var row = await LockedRow.TakeAsync(Database.Tables, sku);

        var late = await Post("/v1/reservations", order, header is [var name, var value] ? [(name, value)] : []);

        Assert.That((late.Status, late.Code, late.Reason), Is.EqualTo((504, 4, "DEADLINE_EXCEEDED")), late.Text);
    }

    [Test]
    public async Task A_stream_outlasts_it()
    {
        var sku = await Given.Stock(onHand: 9);
        var row = await LockedRow.TakeAsync(Database.Tables, sku);
        using var stream = Reservations.ReserveInventoryStream();
        await stream.RequestStream.WriteAsync(new() { Reserve = Order(sku) });

        await Refused(Reservations.ReserveInventoryAsync(Order(sku)));
        await Refused(Reservations.ReserveInventoryAsync(Order(sku)));
        await row.DisposeAsync();
        await stream.ResponseStream.MoveNext(default);

        Assert.That(stream.ResponseStream.Current.Reserved.Reservation.State, Is.EqualTo(ReservationState.Held));
    }

    [Test]
    public async Task A_call_that_is_over_leaves_its_time_to_no_other()
    {
        var sku = await Given.Stock(onHand: 100);
        await using (await LockedRow.TakeAsync(Database.Tables, sku))
        {
            await Task.WhenAll(
                Enumerable.Range(0, 20).Select(_ => Refused(Reservations.ReserveInventoryAsync(Order(sku))))
            );
        }

        for (var i = 0; i < 50; i++)
        {
            await Reservations.ReserveInventoryAsync(Order(sku));
        }

        Assert.That(Server.Part<CallClock>().Count, Is.LessThan(20), "as many as there are calls at once");
    }
}
