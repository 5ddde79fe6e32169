using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

[TestFixture]
public sealed class PartTests : PartFixture
{
    [Test]
    public async Task A_part_is_sold_and_the_rest_goes_back()
    {
        var sku = await Given.Stock(onHand: 10);
        var hold = await Hold(sku, 6);

        var answer = await Node.Part.ExecuteAsync(Confirm(hold, (sku, 4)), default);

        Assert.That(
            (answer.Outcome, answer.Reservation!.State),
            Is.EqualTo((EndOutcome.Ended, ReservationState.Confirmed))
        );
        Assert.That(Parts(answer.Reservation), Is.EqualTo(new[] { (Confirmed: 4L, Released: 2L, Returned: 0L) }));
        Assert.That(answer.Reservation.EndedAt, Is.Not.Null);
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((6, 0)));
    }

    [Test]
    public async Task A_part_is_sold_and_the_rest_stays_held_until_it_is_sold_too()
    {
        var sku = await Given.Stock(onHand: 10);
        var hold = await Hold(sku, 6);

        var first = await Node.Part.ExecuteAsync(Confirm(hold, (sku, 4)) with { KeepsRemainder = true }, default);
        var between = (await Then.OnHand(sku), await Then.Reserved(sku));
        var rest = await Confirm(hold.ReservationId);

        Assert.That(
            (first.Reservation!.State, first.Reservation.EndedAt),
            Is.EqualTo((ReservationState.Held, (DateTime?)null))
        );
        Assert.That(Parts(first.Reservation), Is.EqualTo(new[] { (4L, 0L, 0L) }));
        Assert.That(between, Is.EqualTo((6, 2)));
        Assert.That(
            (rest.Outcome, rest.Reservation!.State),
            Is.EqualTo((EndOutcome.Ended, ReservationState.Confirmed))
        );
        Assert.That(Parts(rest.Reservation), Is.EqualTo(new[] { (6L, 0L, 0L) }));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((4, 0)));
    }

    [TestCase(ReservationState.Cancelled)]
    [TestCase(ReservationState.Failed)]
    public async Task What_was_sold_stays_sold_when_the_rest_is_given_up(ReservationState target)
    {
        var sku = await Given.Stock(onHand: 10);
        var hold = await Hold(sku, 6);
        await Node.Part.ExecuteAsync(Confirm(hold, (sku, 4)) with { KeepsRemainder = true }, default);

        var answer = await Node.End.ExecuteAsync(new(hold.ReservationId, target, Some.Caller), default);

        Assert.That((answer.Outcome, answer.Reservation!.State), Is.EqualTo((EndOutcome.Ended, target)));
        Assert.That(Parts(answer.Reservation), Is.EqualTo(new[] { (4L, 2L, 0L) }));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((6, 0)));
    }

    [Test]
    public async Task What_was_sold_stays_sold_when_the_rest_lapses()
    {
        var sku = await Given.Stock(onHand: 10);
        var hold = await Hold(sku, 6);
        await Node.Part.ExecuteAsync(Confirm(hold, (sku, 4)) with { KeepsRemainder = true }, default);
        await Given.Lapsed(hold.ReservationId);

        await Node.Expire.SweepAsync(default);

        var found = await Node.Get.ExecuteAsync(hold.ReservationId, default);
        Assert.That(found.Reservation!.State, Is.EqualTo(ReservationState.Expired));
        Assert.That(Parts(found.Reservation), Is.EqualTo(new[] { (4L, 2L, 0L) }));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((6, 0)));
    }

    [Test]
    public async Task The_lapsed_rest_of_a_hold_never_counts_for_more_than_it_is()
    {
        var sku = await Given.Stock(onHand: 6);
        var hold = await Hold(sku, 6);
        await Node.Part.ExecuteAsync(Confirm(hold, (sku, 4)) with { KeepsRemainder = true }, default);
        await Given.Lapsed(hold.ReservationId);

        var tooMuch = await Reserve(Some.Reserve(sku, 3));
        var fits = await Reserve(Some.Reserve(sku, 2));

        Assert.That((tooMuch.Outcome, tooMuch.Refusals[0].Available), Is.EqualTo((ReserveOutcome.StockShort, 2)));
        Assert.That(fits.Outcome, Is.EqualTo(ReserveOutcome.Held));
    }

    [Test]
    public async Task A_part_goes_back_and_the_rest_stays_held()
    {
        var (a, b) = (await Given.Stock(onHand: 5), await Given.Stock(onHand: 5));
        var hold = (await Reserve(Some.Reserve((a, 3), (b, 2)))).Reservation!;

        var part = await Node.Part.ExecuteAsync(Release(hold, (a, 1), (b, 2)), default);
        var whole = await Confirm(hold.ReservationId);

        Assert.That((part.Outcome, part.Reservation!.State), Is.EqualTo((EndOutcome.Ended, ReservationState.Held)));
        Assert.That(Parts(part.Reservation), Is.EquivalentTo(new[] { (0L, 1L, 0L), (0L, 2L, 0L) }));
        Assert.That(Parts(whole.Reservation!), Is.EquivalentTo(new[] { (2L, 1L, 0L), (0L, 2L, 0L) }));
        Assert.That((await Then.OnHand(a), await Then.OnHand(b)), Is.EqualTo((3, 5)));
    }

    [Test]
    public async Task A_release_of_all_that_is_left_ends_the_reservation()
    {
        var sku = await Given.Stock(onHand: 5);
        var hold = await Hold(sku, 3);
        await Node.Part.ExecuteAsync(Release(hold, (sku, 1)), default);

        var last = await Node.Part.ExecuteAsync(
            Release(hold, (sku, 2)) with
            {
                Target = ReservationState.Failed,
            },
            default
        );

        Assert.That(last.Reservation!.State, Is.EqualTo(ReservationState.Failed));
        Assert.That(last.Reservation.EndedAt, Is.Not.Null);
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((5, 0)));
    }

    [Test]
    public async Task The_same_request_has_one_effect_and_other_content_is_refused()
    {
        var sku = await Given.Stock(onHand: 10);
        var hold = await Hold(sku, 6);
        var request = Confirm(hold, (sku, 2)) with { KeepsRemainder = true };

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Node.Part.ExecuteAsync(request, default).AsTask())
        );
        var other = await Node.Part.ExecuteAsync(
            Confirm(hold, (sku, 3)) with
            {
                RequestId = request.RequestId,
            },
            default
        );

        Assert.That(answers.Count(a => a.Outcome == EndOutcome.Ended), Is.EqualTo(1));
        Assert.That(answers.Count(a => a.Outcome == EndOutcome.Replayed), Is.EqualTo(19));
        Assert.That(other.Outcome, Is.EqualTo(EndOutcome.RequestIdReused));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((8, 4)));
    }

    [Test]
    public async Task A_replay_after_the_rest_has_gone_is_a_replay_and_shows_the_reservation_as_it_is_now()
    {
        var sku = await Given.Stock(onHand: 10);
        var hold = await Hold(sku, 6);
        var request = Confirm(hold, (sku, 2)) with { KeepsRemainder = true };
        await Node.Part.ExecuteAsync(request, default);
        await Cancel(hold.ReservationId);

        var again = await Node.Part.ExecuteAsync(request, default);

        Assert.That(
            (again.Outcome, again.Reservation!.State),
            Is.EqualTo((EndOutcome.Replayed, ReservationState.Cancelled))
        );
    }

    [Test]
    public async Task More_than_is_held_is_refused_with_what_is_held()
    {
        var (sku, other) = (await Given.Stock(onHand: 10), await Given.Stock(onHand: 10));
        var hold = await Hold(sku, 4);
        await Node.Part.ExecuteAsync(Confirm(hold, (sku, 1)) with { KeepsRemainder = true }, default);

        var answer = await Node.Part.ExecuteAsync(Confirm(hold, (sku, 4), (other, 1)), default);

        Assert.That(answer.Outcome, Is.EqualTo(EndOutcome.MoreThanHeld));
        Assert.That(
            answer.Refusals,
            Is.EquivalentTo(new[] { new PartRefusal(sku, null, 4, 3), new PartRefusal(other, null, 1, 0) })
        );
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((9, 3)));
    }

    [Test]
    public async Task A_line_that_names_its_warehouse_takes_from_there_and_the_others_from_what_is_left()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Given.Stock(onHand: 3, warehouse: near);
        await Given.Stock(onHand: 5, sku: sku, warehouse: far);
        var hold = await Hold(sku, 8);
        var request = Confirm(hold, (sku, 1)) with
        {
            Lines = [new(sku, null, 3), new(sku, near, 3)],
            KeepsRemainder = true,
        };

        await Node.Part.ExecuteAsync(request, default);

        Assert.That((await Then.OnHand(sku, near), await Then.OnHand(sku, far)), Is.EqualTo((0, 2)));
    }

    [Test]
    public async Task What_has_ended_or_lapsed_or_is_not_there_has_no_parts()
    {
        var sku = await Given.Stock(onHand: 10);
        var (sold, lapsed) = (await Hold(sku), await Hold(sku));
        await Confirm(sold.ReservationId);
        await Given.Lapsed(lapsed.ReservationId);

        var ended = await Node.Part.ExecuteAsync(Confirm(sold, (sku, 1)), default);
        var late = await Node.Part.ExecuteAsync(Release(lapsed, (sku, 1)), default);
        var unknown = await Node.Part.ExecuteAsync(
            Confirm(sold, (sku, 1)) with
            {
                ReservationId = Guid.NewGuid(),
            },
            default
        );

        Assert.That(ended.Outcome, Is.EqualTo(EndOutcome.OtherState));
        Assert.That(
            (late.Outcome, late.Reservation!.State),
            Is.EqualTo((EndOutcome.Expired, ReservationState.Expired))
        );
        Assert.That(unknown, Is.EqualTo(new EndAnswer(EndOutcome.NotFound, null)));
    }

    [Test]
    public async Task A_plain_reservation_has_no_amounts_of_its_own()
    {
        var sku = await Given.Stock(onHand: 10);
        var (sold, cancelled) = (await Hold(sku), await Hold(sku));
        await Confirm(sold.ReservationId);
        await Cancel(cancelled.ReservationId);

        var plain = await Scalar(
            """
            SELECT count(*) FROM reservation
            WHERE reservation_id = ANY (@Ids) AND held IS NULL AND confirmed IS NULL AND returned IS NULL
            """,
            new { Ids = new[] { sold.ReservationId, cancelled.ReservationId } }
        );
        Assert.That(plain, Is.EqualTo(2));
    }

    [TestCase("UPDATE reservation SET held = '{4}', confirmed = '{3}' WHERE reservation_id = @Id")]
    [TestCase("UPDATE reservation SET held = '{-1}', confirmed = '{0}' WHERE reservation_id = @Id")]
    [TestCase("UPDATE reservation SET held = '{1,1}', confirmed = '{0,0}' WHERE reservation_id = @Id")]
    [TestCase("UPDATE reservation SET held = '{1}' WHERE reservation_id = @Id")]
    [TestCase("UPDATE reservation SET returned = '{1}' WHERE reservation_id = @Id")]
    [TestCase("UPDATE reservation SET state = 3, ended_at = expires_at, returned = '{7}' WHERE reservation_id = @Id")]
    public async Task The_table_refuses_parts_that_do_not_add_up(string change)
    {
        var hold = await Hold(await Given.Stock(onHand: 10), 6);

        Assert.That(
            async () => await Scalar(change, new { Id = hold.ReservationId }),
            Throws.InstanceOf<Npgsql.PostgresException>().With.Property("ConstraintName").EqualTo("reservation_parts")
        );
    }
}
