using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

/// <summary>What is held where there is less than was asked for.</summary>
[TestFixture]
public sealed class FillTests : EngineFixture
{
    [Test]
    public async Task Best_effort_holds_what_there_is_and_says_what_is_short()
    {
        var (few, none) = (await Given.Stock(onHand: 3), await Given.Stock(onHand: 0));
        var order = Some.Reserve((few, 5), (none, 2)) with { Fill = ReserveFill.BestEffort };

        var answer = await Reserve(order);

        Assert.That(answer.Outcome, Is.EqualTo(ReserveOutcome.Held));
        Assert.That(answer.Reservation!.Allocations, Is.EqualTo([new Allocation(few, Given.MainWarehouse, 3)]));
        Assert.That(
            answer.Reservation.Lines!.Select(l => (l.Sku, l.Quantity, l.ShortQuantity, l.Allocations.Count)),
            Is.EquivalentTo([(few, 5, 2, 1), (none, 2, 2, 0)])
        );
        Assert.That(await Then.Reserved(few), Is.EqualTo(3));
    }

    [Test]
    public async Task Best_effort_holds_all_where_all_is_there()
    {
        var sku = await Given.Stock(onHand: 5);

        var answer = await Reserve(Some.Reserve(sku, 5) with { Fill = ReserveFill.BestEffort });

        Assert.That(answer.Reservation!.Lines!.Select(l => l.ShortQuantity), Is.EqualTo([0]));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(5));
    }

    [Test]
    public async Task Best_effort_is_refused_where_a_line_has_less_than_its_least()
    {
        var (enough, few) = (await Given.Stock(onHand: 9), await Given.Stock(onHand: 3));
        var order = Some.Reserve((enough, 5), (few, 8)) with { Fill = ReserveFill.BestEffort };
        order = order with { Lines = [order.Lines[0], order.Lines[1] with { MinQuantity = 4 }] };

        var answer = await Reserve(order);

        Assert.That(answer.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(
            answer.Refusals.Select(r => (r.Sku, r.Requested, r.Available, r.MinQuantity)),
            Is.EqualTo([(few, 8, 3, 4)])
        );
        Assert.That(await Then.Reserved(enough), Is.Zero);
    }

    [Test]
    public async Task Best_effort_is_refused_where_nothing_is_there()
    {
        var (none, gone) = (await Given.Stock(onHand: 0), await Given.Stock(onHand: 5, discontinued: true));

        var empty = await Reserve(Some.Reserve(none, 2) with { Fill = ReserveFill.BestEffort });
        var both = await Reserve(Some.Reserve((none, 2), (gone, 1)) with { Fill = ReserveFill.BestEffort });

        Assert.That(empty.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(both.Outcome, Is.EqualTo(ReserveOutcome.ItemDiscontinued));
    }

    [Test]
    public async Task A_line_that_names_its_warehouse_leaves_the_others_their_least()
    {
        var here = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 10, warehouse: here);
        var order = Some.Reserve(sku) with
        {
            Fill = ReserveFill.BestEffort,
            Lines = [new(sku, here, 10, 2), new(sku, null, 5, 4)],
        };

        var answer = await Reserve(order);

        Assert.That(
            answer.Reservation!.Lines!.Select(l => (l.Quantity, l.ShortQuantity, l.Allocations.Single().Quantity)),
            Is.EqualTo([(15, 5, 10)])
        );
        Assert.That(await Then.Available(sku, here), Is.Zero);
    }

    [Test]
    public async Task Whole_lines_are_held_whole_or_not_at_all()
    {
        var (enough, few) = (await Given.Stock(onHand: 9), await Given.Stock(onHand: 3));

        var answer = await Reserve(Some.Reserve((enough, 5), (few, 4)) with { Fill = ReserveFill.WholeLines });
        var refused = await Reserve(Some.Reserve(few, 4) with { Fill = ReserveFill.WholeLines });

        Assert.That(answer.Reservation!.Allocations, Is.EqualTo([new Allocation(enough, Given.MainWarehouse, 5)]));
        Assert.That(
            answer.Reservation.Lines!.Select(l => (l.Sku, l.ShortQuantity)),
            Is.EquivalentTo([(enough, 0), (few, 4)])
        );
        Assert.That(refused.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(await Then.Reserved(few), Is.Zero);
    }

    [Test]
    public async Task An_unknown_sku_is_refused_whatever_the_fill()
    {
        var sku = await Given.Stock(onHand: 9);

        var answer = await Reserve(Some.Reserve((sku, 1), ("no-such-sku", 1)) with { Fill = ReserveFill.BestEffort });

        Assert.That(answer.Outcome, Is.EqualTo(ReserveOutcome.SkuUnknown));
    }

    [Test]
    public async Task Due_holds_are_counted_before_a_line_is_short()
    {
        var sku = await Given.Stock(onHand: 10);
        var lapsed = await Hold(sku, 6);
        await Given.Lapsed(lapsed.ReservationId);

        var answer = await Reserve(Some.Reserve(sku, 12) with { Fill = ReserveFill.BestEffort });

        Assert.That(answer.Reservation!.Lines!.Single().ShortQuantity, Is.EqualTo(2));
        Assert.That(await Then.State(lapsed.ReservationId), Is.EqualTo(ReservationState.Expired));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(10));
    }

    [Test]
    public async Task A_part_is_replayed_with_what_was_short_however_much_has_come_since()
    {
        var sku = await Given.Stock(onHand: 3);
        var order = Some.Reserve(sku, 5) with { Fill = ReserveFill.BestEffort };
        var first = await Reserve(order);
        await Edit(Some.Add(sku, 50));

        var again = await Reserve(order);
        var got = await Node.Get.ExecuteAsync(first.Reservation!.ReservationId, CancellationToken.None);
        var confirmed = await Confirm(first.Reservation.ReservationId);

        Assert.That(again.Outcome, Is.EqualTo(ReserveOutcome.Replayed));
        foreach (var seen in new[] { again.Reservation!, got.Reservation!, confirmed.Reservation! })
        {
            Assert.That(
                seen.Lines!.Select(l => (l.Sku, l.Quantity, l.ShortQuantity, l.Allocations.Single().Quantity)),
                Is.EqualTo([(sku, 5, 2, 3)])
            );
        }
    }

    [Test]
    public async Task Another_fill_source_or_least_under_one_request_id_is_other_content()
    {
        var sku = await Given.Stock(onHand: 20);
        var order = Some.Reserve(sku, 5) with { Fill = ReserveFill.BestEffort };
        await Reserve(order);

        ReserveAnswer[] others =
        [
            await Reserve(order with { Fill = ReserveFill.WholeLines }),
            await Reserve(order with { Fill = ReserveFill.AllOrNothing }),
            await Reserve(order with { Source = ReserveSource.FewestSplits }),
            await Reserve(order with { Lines = [new(sku, null, 5, 1)] }),
        ];

        Assert.That(others.Select(o => o.Outcome), Is.All.EqualTo(ReserveOutcome.RequestIdReused));
    }

    [Test]
    public async Task A_plain_request_keeps_no_terms()
    {
        var sku = await Given.Stock(onHand: 20);

        var plain = await Hold(sku, 2);
        var chosen = await Reserve(Some.Reserve(sku, 2) with { Source = ReserveSource.FewestSplits });

        Assert.That(plain.Lines, Is.Null);
        Assert.That(await TermsAsync(plain.ReservationId), Is.Null);
        Assert.That(await TermsAsync(chosen.Reservation!.ReservationId), Is.Not.Null);
    }

    [Test]
    public async Task A_judgement_alone_holds_nothing_and_leaves_the_request_id_unused()
    {
        var sku = await Given.Stock(onHand: 3);
        var order = Some.Reserve(sku, 5) with { Fill = ReserveFill.BestEffort };

        var judged = await Node.Reserve.JudgeAsync(order, CancellationToken.None);
        var refused = await Node.Reserve.JudgeAsync(Some.Reserve(sku, 5), CancellationToken.None);

        Assert.That(judged.Outcome, Is.EqualTo(ReserveOutcome.WouldHold));
        Assert.That(judged.Reservation!.Allocations, Is.EqualTo([new Allocation(sku, Given.MainWarehouse, 3)]));
        Assert.That(judged.Reservation.Lines!.Single().ShortQuantity, Is.EqualTo(2));
        Assert.That(refused.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(await Then.Reservations(sku), Is.Zero);
        Assert.That(await Then.Changes(sku), Is.EqualTo(1));
        Assert.That(
            (await Reserve(order with { Fill = ReserveFill.WholeLines, Lines = [new(sku, null, 2)] })).Outcome,
            Is.EqualTo(ReserveOutcome.Held)
        );
    }

    [Test]
    public async Task A_judgement_of_what_is_held_already_says_so()
    {
        var sku = await Given.Stock(onHand: 3);
        var order = Some.Reserve(sku, 2);
        await Reserve(order);

        var same = await Node.Reserve.JudgeAsync(order, CancellationToken.None);
        var other = await Node.Reserve.JudgeAsync(order with { HoldMs = 5_000 }, CancellationToken.None);

        Assert.That(same.Outcome, Is.EqualTo(ReserveOutcome.Replayed));
        Assert.That(other.Outcome, Is.EqualTo(ReserveOutcome.RequestIdReused));
    }

    private async Task<string?> TermsAsync(Guid reservationId)
    {
        await using var command = Database.Tables.CreateCommand(
            "SELECT terms::text FROM reservation WHERE reservation_id = $1"
        );
        command.Parameters.Add(new() { Value = reservationId });
        return await command.ExecuteScalarAsync() as string;
    }
}
