using Inventory.Engine.Counts;
using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Counts;

public sealed class ApproveCountTests : CountFixture
{
    [Test]
    public async Task Stock_that_is_sold_received_and_moved_after_it_was_counted_is_adjusted_by_what_the_count_found()
    {
        var (place, other) = (await Given.Warehouse(), await Given.Warehouse());
        var sku = await Given.Stock(onHand: 20, warehouse: place);
        var held = await Hold(sku, quantity: 4);
        var count = await Open(place);

        var recorded = await Record(count, All(sku, 17));
        await Confirm(held.ReservationId);
        var later = await Hold(sku, quantity: 2);
        await Confirm(later.ReservationId);
        await Edit(Testing.Some.Add(sku, 9, place));
        await Node.CreateTransfer.ExecuteAsync(Testing.Some.Transfer(sku, place, other, 5), default);
        var approved = await Approve(count);

        Assert.That((recorded.Lines[0].Expected, recorded.Lines[0].Difference), Is.EqualTo((20, -3)));
        Assert.That((approved.Outcome, approved.ApprovedLines), Is.EqualTo((ApproveCountOutcome.Approved, 1)));
        Assert.That(approved.Count!.State, Is.EqualTo(CountState.Approved));
        Assert.That(await Then.OnHand(sku, place), Is.EqualTo(20 - 4 - 2 + 9 - 5 - 3));
        Assert.That(
            await Journal(count),
            Is.EqualTo(new[] { new Adjustment(sku, JournalKind.Counted, -3, null, null, "boss", "yearly") })
        );
        await AddUp();
    }

    [Test]
    public async Task A_count_below_what_is_reserved_is_refused_with_numbers_and_stays_open()
    {
        var place = await Given.Warehouse();
        var (sku, fine) = (
            await Given.Stock(onHand: 10, damaged: 1, qualityControl: 2, warehouse: place),
            await Given.Stock(onHand: 5, warehouse: place)
        );
        var held = await Hold(sku, quantity: 6);
        var count = await Open(place);
        await Record(count, All(sku, 8), All(fine, 4));

        var refused = await Approve(count);
        await Cancel(held.ReservationId);
        var approved = await Approve(count);

        var line = refused.Refused.Single();
        Assert.That((refused.ApprovedLines, refused.Count!.State), Is.EqualTo((1, CountState.Open)));
        Assert.That((line.Sku, line.Refusal, line.Difference), Is.EqualTo((sku, LineRefusal.BelowReserved, -2)));
        Assert.That((line.OnHand, line.Reserved, line.Damaged, line.QualityControl), Is.EqualTo((10, 6, 1, 2)));
        Assert.That((approved.ApprovedLines, approved.Count!.State), Is.EqualTo((1, CountState.Approved)));
        Assert.That((await Then.OnHand(sku), await Then.OnHand(fine)), Is.EqualTo((8, 4)));
        await AddUp();
    }

    [Test]
    public async Task A_hold_whose_time_is_over_keeps_no_count_from_being_approved()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 5, warehouse: place);
        var held = await Hold(sku, quantity: 5);
        var count = await Open(place, sku);
        await Record(count, All(sku, 1));
        await Given.Lapsed(held.ReservationId);

        var approved = await Approve(count);

        Assert.That((approved.ApprovedLines, approved.Refused), Is.EqualTo((1, Array.Empty<RefusedLine>())));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((1, 0)));
        await AddUp();
    }

    [Test]
    public async Task What_is_counted_apart_changes_each_state_in_one_change_of_the_row()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 10, damaged: 1, qualityControl: 2, warehouse: place);
        var count = await Open(place, sku);
        await Hold(sku, quantity: 4);

        await Record(
            count,
            new CountedItem(sku, CountedState.Available, 4),
            new CountedItem(sku, CountedState.Damaged, 4),
            new CountedItem(sku, CountedState.QualityControl, 0)
        );
        await Approve(count);

        Assert.That(
            await Journal(count),
            Is.EqualTo(new[] { new Adjustment(sku, JournalKind.Counted, -2, 3, -2, "boss", "yearly") })
        );
        var stock = await Node.Stock.ExecuteAsync(StockTarget.At(sku, place), default);
        Assert.That((stock!.OnHand, stock.Damaged, stock.QualityControl), Is.EqualTo((8, 4, 0)));
        await AddUp();
    }

    [Test]
    public async Task Chosen_items_are_approved_and_the_others_wait()
    {
        var place = await Given.Warehouse();
        var (one, two, three) = (
            await Given.Stock(onHand: 5, warehouse: place),
            await Given.Stock(onHand: 5, warehouse: place),
            await Given.Stock(onHand: 5, warehouse: place)
        );
        var count = await Open(place);
        await Record(count, All(one, 4), All(two, 4));

        var chosen = await Approve(count, one, three);
        var all = await Approve(count);

        Assert.That((chosen.ApprovedLines, chosen.Count!.State), Is.EqualTo((1, CountState.Open)));
        Assert.That(
            (chosen.Refused.Single().Sku, chosen.Refused.Single().Refusal),
            Is.EqualTo((three, LineRefusal.NotCounted))
        );
        Assert.That((all.ApprovedLines, all.Refused.Count, all.Count!.State), Is.EqualTo((1, 0, CountState.Open)));
        Assert.That((await Then.OnHand(one), await Then.OnHand(two), await Then.OnHand(three)), Is.EqualTo((4, 4, 5)));
    }

    [Test]
    public async Task An_approval_that_is_sent_again_has_one_effect_and_other_content_is_refused()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 5, warehouse: place);
        var rest = await Given.Stock(onHand: 5, warehouse: place);
        var count = await Open(place);
        await Record(count, All(sku, 3));
        var request = Approval(count.CountId);

        var first = await Approve(request);
        await Record(count, All(rest, 1));
        var again = await Approve(request);
        var other = await Approve(request with { Reason = "other" });

        Assert.That(
            (first.Outcome, again.Outcome),
            Is.EqualTo((ApproveCountOutcome.Approved, ApproveCountOutcome.Replayed))
        );
        Assert.That((again.ApprovedLines, again.Count), Is.EqualTo((first.ApprovedLines, first.Count)));
        Assert.That(other.Outcome, Is.EqualTo(ApproveCountOutcome.RequestIdReused));
        Assert.That((await Then.OnHand(sku), await Then.OnHand(rest)), Is.EqualTo((3, 5)));
    }

    [Test]
    public async Task A_count_is_approved_as_its_approver_has_seen_it_and_not_when_it_was_given_up()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 5, warehouse: place);
        var count = await Open(place);
        var seen = (await Record(count, All(sku, 3))).Count!;
        await Record(count, All(sku, 2));

        var stale = await Approve(Approval(count.CountId) with { ExpectedVersion = seen.Version });
        var unknown = await Approve(Approval(Guid.NewGuid()));
        var stranger = await Approve(count, "nothing");
        var unlisted = await Approve(count, await Given.Item());
        var end = new CountEnd
        {
            Caller = new("boss"),
            RequestId = Testing.Some.RequestId(),
            CountId = count.CountId,
        };
        var cancelled = await Node.CancelCount.ExecuteAsync(end, default);
        var again = await Node.CancelCount.ExecuteAsync(end, default);
        var late = await Approve(count);

        Assert.That((stale.Outcome, stale.Count!.Version), Is.EqualTo((ApproveCountOutcome.VersionConflict, 3)));
        Assert.That(unknown.Outcome, Is.EqualTo(ApproveCountOutcome.CountUnknown));
        Assert.That(
            (stranger.Outcome, stranger.Names),
            Is.EqualTo((ApproveCountOutcome.SkuUnknown, new[] { "nothing" }))
        );
        Assert.That(unlisted.Outcome, Is.EqualTo(ApproveCountOutcome.NotInCount));
        Assert.That(
            (cancelled.Outcome, cancelled.Count!.State, again.Outcome),
            Is.EqualTo((CancelCountOutcome.Cancelled, CountState.Cancelled, CancelCountOutcome.Replayed))
        );
        Assert.That(late.Outcome, Is.EqualTo(ApproveCountOutcome.CountEnded));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(5));
    }

    [Test]
    public async Task A_line_whose_stock_row_was_deleted_since_stays_open()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 0, warehouse: place);
        var count = await Open(place);
        await Record(count, All(sku, 3));
        var deletion = new StockDeletion(new("boss"), Testing.Some.RequestId(), StockTarget.At(sku, place));
        await Node.DeleteStock.ExecuteAsync(deletion, default);

        var refused = await Approve(count);
        await Record(count, All(sku, 3));
        var approved = await Approve(count);

        Assert.That(refused.Refused.Single().Refusal, Is.EqualTo(LineRefusal.StockGone));
        Assert.That(approved.ApprovedLines, Is.EqualTo(1));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(3));
        await AddUp();
    }
}
