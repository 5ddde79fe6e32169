using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

[TestFixture]
public sealed class EndTests : EngineFixture
{
    [Test]
    public async Task Confirmed_stock_has_left()
    {
        var sku = await Given.Stock(onHand: 5);
        var hold = await Hold(sku, 2);

        var answer = await Confirm(hold.ReservationId);

        Assert.That(answer.Outcome, Is.EqualTo(EndOutcome.Ended));
        Assert.That(answer.Reservation!.State, Is.EqualTo(ReservationState.Confirmed));
        Assert.That(answer.Reservation.Version, Is.EqualTo(2));
        Assert.That(
            (await Then.OnHand(sku), await Then.Reserved(sku), await Then.Available(sku)),
            Is.EqualTo((3, 0, 3))
        );
    }

    [TestCase(ReservationState.Cancelled)]
    [TestCase(ReservationState.Failed)]
    public async Task Cancelled_or_failed_stock_is_available_again(ReservationState target)
    {
        var sku = await Given.Stock(onHand: 5);
        var hold = await Hold(sku, 2);

        var answer = await Node.End.ExecuteAsync(new(hold.ReservationId, target, Some.Caller), CancellationToken.None);

        Assert.That(answer.Reservation!.State, Is.EqualTo(target));
        Assert.That(
            (await Then.OnHand(sku), await Then.Reserved(sku), await Then.Available(sku)),
            Is.EqualTo((5, 0, 5))
        );
    }

    [Test]
    public async Task Asking_again_for_the_state_that_is_there_is_a_replay()
    {
        var sku = await Given.Stock(onHand: 5);
        var hold = await Hold(sku, 2);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Confirm(hold.ReservationId)));

        Assert.That(answers.Count(a => a.Outcome == EndOutcome.Ended), Is.EqualTo(1));
        Assert.That(answers.Count(a => a.Outcome == EndOutcome.Replayed), Is.EqualTo(39));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(3));
    }

    [Test]
    public async Task An_ended_reservation_does_not_end_otherwise()
    {
        var sku = await Given.Stock(onHand: 5);
        var (confirmed, cancelled) = (await Hold(sku), await Hold(sku));
        await Confirm(confirmed.ReservationId);
        await Cancel(cancelled.ReservationId);

        var late = await Cancel(confirmed.ReservationId);
        var never = await Confirm(cancelled.ReservationId);

        Assert.That(
            (late.Outcome, late.Reservation!.State),
            Is.EqualTo((EndOutcome.OtherState, ReservationState.Confirmed))
        );
        Assert.That(
            (never.Outcome, never.Reservation!.State),
            Is.EqualTo((EndOutcome.OtherState, ReservationState.Cancelled))
        );
    }

    [Test]
    public async Task An_expired_hold_is_not_confirmed_before_a_sweep_has_met_it()
    {
        var sku = await Given.Stock(onHand: 5);
        var hold = await Hold(sku, 2);
        await Given.Lapsed(hold.ReservationId);

        var answer = await Confirm(hold.ReservationId);

        Assert.That(
            (answer.Outcome, answer.Reservation!.State),
            Is.EqualTo((EndOutcome.Expired, ReservationState.Expired))
        );
        Assert.That(await Then.OnHand(sku), Is.EqualTo(5));
    }

    [Test]
    public async Task Of_a_confirm_and_a_cancel_that_race_one_wins()
    {
        var sku = await Given.Stock(onHand: 200);
        var holds = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Hold(sku)));

        var confirms = holds.Select(h => Confirm(h.ReservationId)).ToList();
        var cancels = await Task.WhenAll(holds.Select(h => Cancel(h.ReservationId)));
        var confirmed = (await Task.WhenAll(confirms)).Count(a => a.Outcome == EndOutcome.Ended);

        Assert.That(cancels.Count(a => a.Outcome == EndOutcome.Ended), Is.EqualTo(200 - confirmed));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((200 - confirmed, 0)));
    }

    [Test]
    public async Task What_is_not_there_is_not_found()
    {
        var answer = await Confirm(Guid.NewGuid());

        Assert.That(answer, Is.EqualTo(new EndAnswer(EndOutcome.NotFound, null)));
    }

    [Test]
    public async Task A_hold_is_extended_and_never_shortened()
    {
        var hold = await Hold(await Given.Stock(onHand: 1));
        var later = hold.ExpiresAt.AddMinutes(5);

        var first = await Extend(hold.ReservationId, later);
        var again = await Extend(hold.ReservationId, later);
        var earlier = await Extend(hold.ReservationId, hold.ExpiresAt);

        Assert.That((first.Outcome, first.Reservation!.ExpiresAt), Is.EqualTo((ExtendOutcome.Extended, later)));
        Assert.That((again.Outcome, again.Reservation!.ExpiresAt), Is.EqualTo((ExtendOutcome.Replayed, later)));
        Assert.That((earlier.Outcome, earlier.Reservation!.ExpiresAt), Is.EqualTo((ExtendOutcome.Replayed, later)));
    }

    [Test]
    public async Task A_hold_is_not_extended_past_a_day_nor_past_its_end()
    {
        var sku = await Given.Stock(onHand: 3);
        var (live, lapsed, confirmed) = (await Hold(sku), await Hold(sku), await Hold(sku));
        await Given.Lapsed(lapsed.ReservationId);
        await Confirm(confirmed.ReservationId);

        var tooLate = await Extend(live.ReservationId, live.CreatedAt.AddHours(25));
        var expired = await Extend(lapsed.ReservationId, live.ExpiresAt);
        var ended = await Extend(confirmed.ReservationId, live.ExpiresAt);
        var unknown = await Extend(Guid.NewGuid(), live.ExpiresAt);

        Assert.That(tooLate.Outcome, Is.EqualTo(ExtendOutcome.TooLate));
        Assert.That(expired.Outcome, Is.EqualTo(ExtendOutcome.Expired));
        Assert.That(ended.Outcome, Is.EqualTo(ExtendOutcome.OtherState));
        Assert.That(unknown.Outcome, Is.EqualTo(ExtendOutcome.NotFound));
    }

    [TearDown]
    public async Task Every_row_is_what_its_holds_and_its_journal_add_up_to() =>
        Assert.That(await Then.Violations(), Is.Empty);

    private async Task<ExtendAnswer> Extend(Guid id, DateTime until) =>
        await Node.Extend.ExecuteAsync(new(id, until, Some.Caller), CancellationToken.None);
}
