using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

[Parallelizable(ParallelScope.Self)]
public sealed class ListReservationsTests : EngineFixture
{
    [Test]
    public async Task A_listed_reservation_is_the_one_that_was_made()
    {
        var sku = await Given.Stock(onHand: 5);
        var order = Some.OrderId();
        var made = (await Reserve(Some.Reserve(sku, 2, orderId: order))).Reservation!;

        var byOrder = await List(new ReservationFilter { OrderId = order });
        var bySku = await List(new ReservationFilter { Sku = sku });

        Assert.That(byOrder.Single(), Is.EqualTo(made).UsingPropertiesComparer());
        Assert.That(bySku.Single(), Is.EqualTo(made).UsingPropertiesComparer());
    }

    [Test]
    public async Task One_that_draws_on_many_rows_is_listed_once_wherever_it_matches()
    {
        var sku = Some.Sku();
        var near = await Given.Warehouse(priority: 1);
        var far = await Given.Warehouse(priority: 2);
        await Given.Stock(2, sku, near);
        await Given.Stock(2, sku, far);
        var other = await Given.Stock(5, warehouse: far);
        var made = (await Reserve(Some.Reserve((sku, 3), (other, 1)))).Reservation!.ReservationId;

        ReservationFilter[] matching =
        [
            new() { Sku = sku },
            new() { Sku = sku, Warehouse = near },
            new() { Sku = sku, Warehouse = far },
            new() { Sku = other },
            new() { Warehouse = near },
            new() { Warehouse = far },
            new() { Warehouse = far, State = ReservationState.Held },
        ];
        var found = await Task.WhenAll(matching.Select(List));
        var notThere = await List(new ReservationFilter { Sku = other, Warehouse = near });

        Assert.That(found.Select(f => f.Single().ReservationId), Is.All.EqualTo(made));
        Assert.That(notThere, Is.Empty);
    }

    [Test]
    public async Task A_hold_past_its_time_is_listed_as_expired_before_a_sweep_has_met_it()
    {
        var sku = await Given.Stock(onHand: 5);
        var order = Some.OrderId();
        var lapsed = (await Reserve(Some.Reserve(sku, orderId: order))).Reservation!.ReservationId;
        await Given.Lapsed(lapsed);

        var expired = await List(new ReservationFilter { Sku = sku, State = ReservationState.Expired });
        var held = await List(new ReservationFilter { Sku = sku, State = ReservationState.Held });
        var heldOfOrder = await List(new ReservationFilter { OrderId = order, State = ReservationState.Held });
        var allHeld = await List(new ReservationFilter { State = ReservationState.Held });

        Assert.That(expired.Single().State, Is.EqualTo(ReservationState.Expired));
        Assert.That(held, Is.Empty);
        Assert.That(heldOfOrder, Is.Empty);
        Assert.That(allHeld.Select(r => r.ReservationId), Has.None.EqualTo(lapsed));
    }

    [Test]
    public async Task What_is_not_known_is_named_and_a_foreign_token_is_refused()
    {
        var sku = await Given.Stock(onHand: 5);
        await Hold(sku);
        await Hold(sku);
        var filter = new ReservationFilter { Sku = sku };
        var token = (await Page(filter, 1, null)).NextPageToken!;

        Assert.That(
            (await Page(new ReservationFilter { Sku = Some.Sku() }, 1, null)).Outcome,
            Is.EqualTo(ListOutcome.SkuUnknown)
        );
        Assert.That(
            (await Page(new ReservationFilter { Warehouse = "nowhere" }, 1, null)).Outcome,
            Is.EqualTo(ListOutcome.WarehouseUnknown)
        );
        string[] foreign = ["x", "%", token[..^2], token + "AAAA", "B" + token[1..], new string('A', 44), new('_', 44)];
        foreach (var wrong in foreign)
        {
            Assert.That((await Page(filter, 1, wrong)).Outcome, Is.EqualTo(ListOutcome.PageTokenInvalid), wrong);
        }

        var otherFilter = filter with { State = ReservationState.Held };
        Assert.That((await Page(otherFilter, 1, token)).Outcome, Is.EqualTo(ListOutcome.PageTokenInvalid));
        Assert.That((await Page(filter, 1, token)).Outcome, Is.EqualTo(ListOutcome.Listed));
    }

    [Test]
    public async Task A_page_goes_on_where_the_last_ended_though_others_are_made_meanwhile()
    {
        var sku = await Given.Stock(onHand: 50);
        var filter = new ReservationFilter { Sku = sku };
        Guid[] made =
        [
            (await Hold(sku)).ReservationId,
            (await Hold(sku)).ReservationId,
            (await Hold(sku)).ReservationId,
        ];

        var first = await Page(filter, 2, null);
        await Hold(sku);
        await Cancel(made[0]);
        var second = await Page(filter, 2, first.NextPageToken);

        Assert.That(first.Reservations.Select(r => r.ReservationId), Is.EqualTo(new[] { made[2], made[1] }));
        Assert.That(second.Reservations.Select(r => r.ReservationId), Is.EqualTo(new[] { made[0] }));
        Assert.That(second.NextPageToken, Is.Null);
    }

    private async Task<IReadOnlyList<Reservation>> List(ReservationFilter filter) =>
        (await Page(filter, ListReservations.PageSizeMax, null)).Reservations;

    private Task<ListAnswer> Page(ReservationFilter filter, int size, string? token) =>
        Node.List.ExecuteAsync(filter, size, token, CancellationToken.None);
}
