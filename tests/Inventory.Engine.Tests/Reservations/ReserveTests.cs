using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

[TestFixture]
public sealed class ReserveTests : EngineFixture
{
    [Test]
    public async Task What_is_held_is_no_longer_available()
    {
        var sku = await Given.Stock(onHand: 5);

        var answer = await Reserve(Some.Reserve(sku, quantity: 3));

        Assert.That(answer.Outcome, Is.EqualTo(ReserveOutcome.Held));
        Assert.That(answer.Reservation!.Allocations, Is.EqualTo([new Allocation(sku, Given.MainWarehouse, 3)]));
        Assert.That(await Then.Available(sku), Is.EqualTo(2));
    }

    [Test]
    public async Task A_replay_of_a_granted_reservation_is_granted_after_the_shelf_is_empty()
    {
        var sku = await Given.Stock(onHand: 5);
        var order = Some.Reserve(sku, quantity: 5, orderId: Some.OrderId());

        var first = await Reserve(order);
        var again = await Reserve(order);

        Assert.That(again.Outcome, Is.EqualTo(ReserveOutcome.Replayed));
        Assert.That(
            again.Reservation! with
            {
                Allocations = [],
            },
            Is.EqualTo(first.Reservation! with { Allocations = [] })
        );
        Assert.That(again.Reservation.Allocations, Is.EqualTo(first.Reservation.Allocations));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(5));
    }

    [Test]
    public async Task A_replay_shows_the_reservation_as_it_is_now()
    {
        var sku = await Given.Stock(onHand: 1);
        var order = Some.Reserve(sku);
        var first = await Reserve(order);
        await Confirm(first.Reservation!.ReservationId);

        var again = await Reserve(order);

        Assert.That(again.Outcome, Is.EqualTo(ReserveOutcome.Replayed));
        Assert.That(again.Reservation!.State, Is.EqualTo(ReservationState.Confirmed));
    }

    [Test]
    public async Task A_request_whose_lines_stand_otherwise_is_the_same_request()
    {
        var (a, b) = (await Given.Stock(onHand: 5), await Given.Stock(onHand: 5));
        var order = Some.Reserve((a, 1), (b, 2));
        var turned = order with { Lines = [new(b, null, 1), new(a, null, 1), new(b, null, 1)] };

        await Reserve(order);
        var again = await Reserve(turned);

        Assert.That(again.Outcome, Is.EqualTo(ReserveOutcome.Replayed));
    }

    [Test]
    public async Task A_request_id_with_other_content_is_refused()
    {
        var sku = await Given.Stock(onHand: 5);
        var order = Some.Reserve(sku);
        await Reserve(order);

        var other = await Reserve(order with { Lines = [new(sku, null, 2)] });
        var longer = await Reserve(order with { HoldMs = 60_000 });

        Assert.That(other.Outcome, Is.EqualTo(ReserveOutcome.RequestIdReused));
        Assert.That(longer.Outcome, Is.EqualTo(ReserveOutcome.RequestIdReused));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task Two_callers_may_use_the_same_request_id()
    {
        var sku = await Given.Stock(onHand: 5);
        var order = Some.Reserve(sku);

        var mine = await Reserve(order);
        var theirs = await Reserve(order with { Caller = new("somebody else") });

        Assert.That(theirs.Outcome, Is.EqualTo(ReserveOutcome.Held));
        Assert.That(theirs.Reservation!.ReservationId, Is.Not.EqualTo(mine.Reservation!.ReservationId));
    }

    [Test]
    public async Task A_replay_is_found_when_its_SKU_is_gone()
    {
        var sku = await Given.Stock(onHand: 5);
        var order = Some.Reserve(sku);
        await Reserve(order);
        await using var rename = Database.Tables.CreateCommand("UPDATE item SET sku = 'gone-' || sku WHERE sku = $1");
        rename.Parameters.Add(new() { Value = sku });
        await rename.ExecuteNonQueryAsync();
        await using var fresh = new EngineNode(Database.Cell);

        var again = await fresh.Reserve.ExecuteAsync(order, CancellationToken.None);
        var anew = await fresh.Reserve.ExecuteAsync(Some.Reserve(sku), CancellationToken.None);

        Assert.That(again.Outcome, Is.EqualTo(ReserveOutcome.Replayed));
        Assert.That(anew.Outcome, Is.EqualTo(ReserveOutcome.SkuUnknown));
    }

    [Test]
    public async Task A_refusal_says_what_there_is_and_when_the_next_hold_lapses()
    {
        var sku = await Given.Stock(onHand: 5);
        var hold = await Hold(sku, 3);

        var answer = await Reserve(Some.Reserve(sku, quantity: 4));

        Assert.That(answer.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(
            answer.Refusals,
            Is.EqualTo([new LineRefusal(ReserveOutcome.StockShort, sku, null, 4, 2, hold.ExpiresAt)])
        );
        Assert.That(await Then.Reserved(sku), Is.EqualTo(3));
    }

    [Test]
    public async Task A_refusal_is_judged_anew()
    {
        var sku = await Given.Stock(onHand: 1);
        var hold = await Hold(sku);
        var order = Some.Reserve(sku);
        var first = await Reserve(order);
        await Cancel(hold.ReservationId);

        var again = await Reserve(order);

        Assert.That(first.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(again.Outcome, Is.EqualTo(ReserveOutcome.Held));
    }

    [Test]
    public async Task Lines_of_one_SKU_are_checked_together()
    {
        var sku = await Given.Stock(onHand: 5);

        var fits = await Reserve(Some.Reserve((sku, 2), (sku, 3)));
        var exceeds = await Reserve(Some.Reserve((sku, 1), (sku, 1)));

        Assert.That(fits.Outcome, Is.EqualTo(ReserveOutcome.Held));
        Assert.That(fits.Reservation!.Allocations, Is.EqualTo([new Allocation(sku, Given.MainWarehouse, 5)]));
        Assert.That(exceeds.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
    }

    [Test]
    public async Task An_item_named_by_SKU_and_by_id_in_one_request_is_checked_together()
    {
        var sku = await Given.Stock(onHand: 3);
        var items = await Node.Directory.FindAsync([sku], CancellationToken.None);
        var id = Inventory.Engine.Database.PublicId.Item(items[sku].ItemId);

        var exceeds = await Reserve(Some.Reserve((sku, 2), (id, 2)));
        var fits = await Reserve(Some.Reserve((sku, 2), (id, 1)));

        Assert.That(exceeds.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(fits.Outcome, Is.EqualTo(ReserveOutcome.Held));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(3));
    }

    [Test]
    public async Task An_order_is_granted_whole_or_not_at_all()
    {
        var (plenty, scarce) = (await Given.Stock(onHand: 100), await Given.Stock(onHand: 1));

        var answer = await Reserve(Some.Reserve((plenty, 10), (scarce, 2)));

        Assert.That(answer.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(answer.Refusals.Select(r => r.Sku), Is.EqualTo([scarce]));
        Assert.That(await Then.Reserved(plenty), Is.Zero);
    }

    [Test]
    public async Task What_is_unknown_is_named_before_what_is_short()
    {
        var scarce = await Given.Stock(onHand: 1);

        var sku = await Reserve(Some.Reserve((scarce, 2), ("no such SKU", 1)));
        var warehouse = await Reserve(Some.Reserve(scarce, warehouse: "no such warehouse"));

        Assert.That(sku.Outcome, Is.EqualTo(ReserveOutcome.SkuUnknown));
        Assert.That(sku.Refusals.Select(r => r.Sku), Is.EqualTo(["no such SKU"]));
        Assert.That(warehouse.Outcome, Is.EqualTo(ReserveOutcome.WarehouseUnknown));
    }

    [Test]
    public async Task A_discontinued_item_is_not_held()
    {
        var sku = await Given.Stock(onHand: 5, discontinued: true);

        var answer = await Reserve(Some.Reserve(sku));

        Assert.That(answer.Outcome, Is.EqualTo(ReserveOutcome.ItemDiscontinued));
        Assert.That(await Then.Reserved(sku), Is.Zero);
    }

    [Test]
    public async Task Safety_stock_is_not_sold()
    {
        var sku = await Given.Stock(onHand: 5, safetyStock: 3);

        var answer = await Reserve(Some.Reserve(sku, quantity: 3));

        Assert.That(answer.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(answer.Refusals[0].Available, Is.EqualTo(2));
    }
}
