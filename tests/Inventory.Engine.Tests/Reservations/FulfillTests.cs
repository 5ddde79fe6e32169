using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

[TestFixture]
public sealed class FulfillTests : PartFixture
{
    [Test]
    public async Task What_was_confirmed_is_fulfilled_once_and_stays_as_it_was_said()
    {
        var sku = await Given.Stock(onHand: 5);
        var hold = await Hold(sku, 2);
        await Confirm(hold.ReservationId);

        var first = await Fulfill(hold, "1Z-7", "left at the door");
        var again = await Fulfill(hold, "other", null);

        Assert.That(
            (first.Outcome, first.Reservation!.State),
            Is.EqualTo((FulfillOutcome.Fulfilled, ReservationState.Fulfilled))
        );
        Assert.That(
            (first.Reservation.Tracking, first.Reservation.FulfillmentNote, first.Reservation.Version),
            Is.EqualTo(("1Z-7", "left at the door", 3))
        );
        Assert.That(first.Reservation.FulfilledAt, Is.Not.Null);
        Assert.That((again.Outcome, again.Reservation!.Tracking), Is.EqualTo((FulfillOutcome.Replayed, "1Z-7")));
        Assert.That(Parts(again.Reservation), Is.EqualTo(new[] { (2L, 0L, 0L) }));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((3, 0)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task What_was_sold_of_a_lapsed_hold_is_fulfilled_whether_or_not_a_sweep_has_met_it(bool swept)
    {
        var sku = await Given.Stock(onHand: 5);
        var hold = await Hold(sku, 3);
        await Node.Part.ExecuteAsync(Confirm(hold, (sku, 1)) with { KeepsRemainder = true }, default);
        await Given.Lapsed(hold.ReservationId);
        if (swept)
        {
            await Node.Expire.SweepAsync(default);
        }

        var answer = await Fulfill(hold);

        Assert.That(answer.Outcome, Is.EqualTo(FulfillOutcome.Fulfilled));
        Assert.That(Parts(answer.Reservation!), Is.EqualTo(new[] { (1L, 2L, 0L) }));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((4, 0)));
    }

    [Test]
    public async Task What_is_held_or_lapsed_or_cancelled_or_not_there_is_not_fulfilled()
    {
        var sku = await Given.Stock(onHand: 5);
        var (held, lapsed, cancelled) = (await Hold(sku), await Hold(sku), await Hold(sku));
        await Given.Lapsed(lapsed.ReservationId);
        await Cancel(cancelled.ReservationId);

        Assert.That((await Fulfill(held)).Outcome, Is.EqualTo(FulfillOutcome.OtherState));
        Assert.That((await Fulfill(lapsed)).Outcome, Is.EqualTo(FulfillOutcome.Expired));
        Assert.That((await Fulfill(cancelled)).Outcome, Is.EqualTo(FulfillOutcome.OtherState));
        Assert.That(
            (await Node.Fulfill.ExecuteAsync(new(Guid.NewGuid(), null, null, Some.Caller), default)).Outcome,
            Is.EqualTo(FulfillOutcome.NotFound)
        );
    }

    private async Task<FulfillAnswer> Fulfill(Reservation hold, string? tracking = null, string? note = null) =>
        await Node.Fulfill.ExecuteAsync(new(hold.ReservationId, tracking, note, Some.Caller), default);
}
