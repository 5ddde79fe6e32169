using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

/// <summary>The payment saga's worst case: the money has come, and the hold has lapsed.</summary>
[TestFixture]
public sealed class LateConfirmTests : PartFixture
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task A_lapsed_hold_is_taken_again_if_its_stock_is_still_there(bool swept)
    {
        var sku = await Given.Stock(onHand: 5);
        var hold = await Lapsed(sku, 5, swept);

        var late = await ConfirmLate(hold);
        var again = await ConfirmLate(hold);

        Assert.That(
            (late.Outcome, late.Reservation!.State),
            Is.EqualTo((EndOutcome.Ended, ReservationState.Confirmed))
        );
        Assert.That(Parts(late.Reservation), Is.EqualTo(new[] { (5L, 0L, 0L) }));
        Assert.That(again.Outcome, Is.EqualTo(EndOutcome.Replayed));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_lapsed_hold_is_not_taken_again_when_its_stock_has_gone()
    {
        var sku = await Given.Stock(onHand: 5);
        var hold = await Lapsed(sku, 5, swept: false);
        await Hold(sku, 2);

        var late = await ConfirmLate(hold);

        Assert.That(
            (late.Outcome, late.Reservation!.State),
            Is.EqualTo((EndOutcome.StockShort, ReservationState.Expired))
        );
        Assert.That(late.Refusals, Is.EqualTo(new[] { new PartRefusal(sku, Given.MainWarehouse, 5, 3) }));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((5, 2)));
    }

    [Test]
    public async Task Holds_of_others_that_are_due_are_no_reason_to_refuse()
    {
        var sku = await Given.Stock(onHand: 5);
        var hold = await Lapsed(sku, 5, swept: true);
        await Lapsed(sku, 4, swept: false);

        var late = await ConfirmLate(hold);

        Assert.That(late.Outcome, Is.EqualTo(EndOutcome.Ended));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Safety_stock_that_was_raised_since_is_kept_back_from_a_lapsed_hold_too()
    {
        var sku = await Given.Stock(onHand: 5);
        var hold = await Lapsed(sku, 5, swept: false);
        await Scalar(
            """
            UPDATE stock SET safety_stock = 1, version = version + 1 WHERE stock_id = @StockId;
            INSERT INTO journal (at, stock_id, version, safety_stock, kind, actor)
            VALUES (clock_timestamp(), @StockId, 3, 1, 30, 'tests')
            """,
            new { StockId = await StockId(sku) }
        );

        var late = await ConfirmLate(hold);

        Assert.That(late.Outcome, Is.EqualTo(EndOutcome.StockShort));
        Assert.That(late.Refusals![0].Available, Is.EqualTo(4));
    }

    [Test]
    public async Task A_part_of_a_lapsed_hold_is_taken_again_and_the_rest_is_not()
    {
        var sku = await Given.Stock(onHand: 5);
        var hold = await Lapsed(sku, 5, swept: false);
        var request = Confirm(hold, (sku, 2)) with { Reacquires = true, KeepsRemainder = true };

        var late = await Node.Part.ExecuteAsync(request, default);
        var again = await Node.Part.ExecuteAsync(request, default);

        Assert.That(
            (late.Outcome, late.Reservation!.State),
            Is.EqualTo((EndOutcome.Ended, ReservationState.Confirmed))
        );
        Assert.That(Parts(late.Reservation), Is.EqualTo(new[] { (2L, 3L, 0L) }));
        Assert.That(again.Outcome, Is.EqualTo(EndOutcome.Replayed));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((3, 0)));
    }

    [Test]
    public async Task Of_a_hold_that_was_sold_in_part_the_lapsed_rest_is_taken_again()
    {
        var sku = await Given.Stock(onHand: 6);
        var hold = await Hold(sku, 6);
        await Node.Part.ExecuteAsync(Confirm(hold, (sku, 4)) with { KeepsRemainder = true }, default);
        await Given.Lapsed(hold.ReservationId);
        await Node.Expire.SweepAsync(default);

        var late = await ConfirmLate(hold);

        Assert.That(Parts(late.Reservation!), Is.EqualTo(new[] { (6L, 0L, 0L) }));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_lapsed_hold_of_what_is_no_longer_sold_is_not_taken_again()
    {
        var (gone, shut) = (await Given.Stock(onHand: 5), await Given.Warehouse());
        var elsewhere = await Given.Stock(onHand: 5, warehouse: shut);
        var (first, second) = (await Lapsed(gone, 1, swept: true), await Lapsed(elsewhere, 1, swept: true));
        await Scalar(
            """
            UPDATE stock SET discontinued = true WHERE stock_id = @StockId;
            UPDATE warehouse SET active = false WHERE code = @Code
            """,
            new { StockId = await StockId(gone), Code = shut }
        );

        Assert.That((await ConfirmLate(first)).Outcome, Is.EqualTo(EndOutcome.ItemDiscontinued));
        Assert.That((await ConfirmLate(second)).Outcome, Is.EqualTo(EndOutcome.WarehouseInactive));
    }

    [Test]
    public async Task A_cancelled_hold_is_not_taken_again()
    {
        var hold = await Hold(await Given.Stock(onHand: 5));
        await Cancel(hold.ReservationId);

        Assert.That((await ConfirmLate(hold)).Outcome, Is.EqualTo(EndOutcome.OtherState));
    }

    [Test]
    public async Task Of_late_confirmations_and_sales_of_the_last_piece_that_race_one_wins()
    {
        var sku = await Given.Stock(onHand: 20);
        var holds = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Hold(sku)));
        await Task.WhenAll(holds.Select(h => Given.Lapsed(h.ReservationId)));

        var sales = Enumerable.Range(0, 20).Select(_ => Reserve(Some.Reserve(sku))).ToList();
        var late = await Task.WhenAll(holds.Select(ConfirmLate));
        var sold = (await Task.WhenAll(sales)).Count(a => a.Outcome == ReserveOutcome.Held);

        var taken = late.Count(a => a.Outcome == EndOutcome.Ended);
        Assert.That(taken + sold, Is.EqualTo(20));
        Assert.That(late.Count(a => a.Outcome == EndOutcome.StockShort), Is.EqualTo(20 - taken));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((20 - taken, sold)));
    }

    private async Task<Reservation> Lapsed(string sku, long quantity, bool swept)
    {
        var hold = await Hold(sku, quantity);
        await Given.Lapsed(hold.ReservationId);
        if (swept)
        {
            await Node.Expire.SweepAsync(default);
        }

        return hold;
    }

    private async Task<long> StockId(string sku) =>
        (await Node.Directory.FindAsync([sku], default))[sku].Rows[0].StockId;
}
