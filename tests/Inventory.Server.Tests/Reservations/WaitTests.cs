using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Reservations;

/// <summary>Reservations that wait for stock, over the wire.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class WaitTests : ServerFixture
{
    private AvailabilityService.AvailabilityServiceClient Availability => new(Server.Channel);

    [Test]
    public async Task An_order_waits_is_seen_waiting_and_is_held_when_goods_arrive()
    {
        var sku = await Given.Stock(onHand: 1);
        var request = Order(sku, 3);
        request.WaitFor = Duration.FromTimeSpan(TimeSpan.FromHours(1));

        var waits = await Reservations.ReserveInventoryAsync(request);
        var id = waits.Reservation.ReservationId;
        var levels = await Availability.GetAvailabilityAsync(new() { Sku = sku, Consistency = Consistency.Strong });
        var explained = await Availability.ExplainAvailabilityAsync(new() { Sku = sku });
        var listed = await Reservations.ListReservationsAsync(new() { Sku = sku, State = ReservationState.Pending });
        await Stock.AddInventoryToLocationAsync(
            new()
            {
                Sku = sku,
                Warehouse = Given.MainWarehouse,
                Quantity = 2,
            }
        );
        await Eventually.TrueAsync(async () => (await StateAsync(id)) == ReservationState.Held);

        Assert.That(waits.Reservation.State, Is.EqualTo(ReservationState.Pending));
        Assert.That(
            waits.Reservation.ExpireTime - waits.Reservation.CreateTime,
            Is.EqualTo(Duration.FromTimeSpan(TimeSpan.FromHours(1)))
        );
        var totals = levels.Availability.Totals;
        Assert.That((totals.OnHand, totals.Available, totals.Waiting), Is.EqualTo((1, 0, 3)));
        Assert.That(
            explained.Warehouses.Single().Blocks.Select(b => (b.Term, b.Quantity)),
            Is.EqualTo(new[] { (StockTerm.Waiting, 3L) })
        );
        Assert.That(listed.Reservations.Select(r => r.ReservationId), Is.EqualTo(new[] { id }));
    }

    [Test]
    public async Task One_that_waits_is_cancelled_and_cannot_be_confirmed_before()
    {
        var request = Order(await Given.Stock(onHand: 0), 3);
        var waits = await Reservations.ReserveInventoryAsync(request);
        var id = waits.Reservation.ReservationId;

        var early = await Refused(Reservations.ConfirmReservationAsync(new() { ReservationId = id }));
        var cancelled = await Reservations.CancelReservationAsync(new() { ReservationId = id });
        var replay = await Reservations.ReserveInventoryAsync(request);

        Assert.That((early.Code, early.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "RESERVATION_STATE")));
        Assert.That((cancelled.Replayed, cancelled.Reservation.State), Is.EqualTo((false, ReservationState.Cancelled)));
        Assert.That((replay.Replayed, replay.Reservation.State), Is.EqualTo((true, ReservationState.Cancelled)));
    }

    [Test]
    public async Task A_judgement_says_that_it_would_wait()
    {
        var request = Order(await Given.Stock(onHand: 1), 3);
        request.ValidateOnly = true;

        var judged = await Reservations.ReserveInventoryAsync(request);

        Assert.That(
            (judged.Reservation.State, judged.Reservation.ReservationId),
            Is.EqualTo((ReservationState.Pending, ""))
        );
    }

    [Test]
    public async Task One_whose_time_to_wait_is_over_expires()
    {
        var request = Order(await Given.Stock(onHand: 0), 3);
        request.WaitFor = Duration.FromTimeSpan(TimeSpan.FromSeconds(1));
        var waits = await Reservations.ReserveInventoryAsync(request);

        await Eventually.TrueAsync(async () => await Then.Available(request.Lines[0].Sku) == 0 && await Expired());

        async Task<bool> Expired() => await StateAsync(waits.Reservation.ReservationId) == ReservationState.Expired;
    }

    [Test]
    public async Task All_that_is_wrong_with_a_wait_is_named()
    {
        var partly = Order("any", 1);
        partly.Fill = ReserveFill.BestEffort;
        partly.WaitFor = Duration.FromTimeSpan(TimeSpan.FromDays(31));
        var unasked = Order("any", 1);
        unasked.Shortage = ReserveShortage.Reject;
        unasked.WaitFor = Duration.FromTimeSpan(TimeSpan.FromHours(1));
        var unknown = Order("any", 1);
        unknown.Shortage = (ReserveShortage)9;

        var first = await Refused(Reservations.ReserveInventoryAsync(partly));
        var second = await Refused(Reservations.ReserveInventoryAsync(unasked));
        var third = await Refused(Reservations.ReserveInventoryAsync(unknown));

        Assert.That(first.Fields, Is.EquivalentTo(new[] { ("shortage", "CONFLICT"), ("wait_for", "OUT_OF_RANGE") }));
        Assert.That(second.Fields, Is.EqualTo(new[] { ("wait_for", "CONFLICT") }));
        Assert.That(third.Fields, Is.EqualTo(new[] { ("shortage", "UNKNOWN_VALUE") }));
    }

    private async Task<ReservationState> StateAsync(string id) =>
        (await Reservations.GetReservationAsync(new() { ReservationId = id })).Reservation.State;

    private static ReserveInventoryRequest Order(string sku, long quantity) =>
        new()
        {
            RequestId = Some.RequestId(),
            Lines =
            {
                new ReserveLine { Sku = sku, Quantity = quantity },
            },
            Shortage = ReserveShortage.Wait,
        };
}
