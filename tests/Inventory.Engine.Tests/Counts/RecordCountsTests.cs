using Inventory.Engine.Counts;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Counts;

public sealed class RecordCountsTests : CountFixture
{
    [Test]
    public async Task What_is_counted_again_replaces_what_was_recorded_and_is_compared_with_the_stock_of_then()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 10, damaged: 2, warehouse: place);
        var count = await Open(place);

        var first = (await Record(count, All(sku, 7))).Lines.Single();
        await Edit(Testing.Some.Remove(sku, 1, place));
        var second = (await Record(count, All(sku, 8))).Lines.Single();
        var apart = await Record(
            count,
            new CountedItem(sku, CountedState.Damaged, 3),
            new CountedItem(sku, CountedState.Available, 7)
        );
        var sheet = await Sheet(count);

        Assert.That((first.Expected, first.StockVersion, first.Difference), Is.EqualTo((10, 1, -3)));
        Assert.That((second.Expected, second.StockVersion, second.Difference), Is.EqualTo((9, 2, -1)));
        Assert.That(
            apart.Lines.Select(l => (l.State, l.Expected)),
            Is.EqualTo(new[] { (CountedState.Damaged, (long?)2), (CountedState.Available, 7) })
        );
        Assert.That(
            sheet.Lines.Select(l => l.State),
            Is.EqualTo(new[] { CountedState.Available, CountedState.Damaged })
        );
        Assert.That((sheet.LineCount, sheet.CountedLines, sheet.DifferentLines), Is.EqualTo((2, 2, 1)));
    }

    [Test]
    public async Task What_is_found_without_a_stock_row_is_recorded_where_all_is_counted_and_comes_into_the_stock()
    {
        var place = await Given.Warehouse();
        await Given.Stock(onHand: 1, warehouse: place);
        var (found, other) = (await Given.Item(), await Given.Stock(onHand: 2));
        var (all, some) = (await Open(place), await Open(place, other));

        var recorded = await Record(all, All(found, 4));
        var refused = await Record(some, All(found, 4));
        var listed = await Record(some, All(other, 1));
        await Approve(all);
        await Approve(some);

        Assert.That((recorded.Outcome, recorded.Lines[0].Expected), Is.EqualTo((RecordCountsOutcome.Recorded, 0)));
        Assert.That((refused.Outcome, refused.Names), Is.EqualTo((RecordCountsOutcome.NotInCount, new[] { found })));
        Assert.That(listed.Outcome, Is.EqualTo(RecordCountsOutcome.Recorded));
        Assert.That((await Then.OnHand(found, place), await Then.OnHand(other, place)), Is.EqualTo((4, 1)));
        await AddUp();
    }

    [Test]
    public async Task A_recording_that_is_sent_again_has_one_effect_and_its_first_answer()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 10, warehouse: place);
        await Cost(sku, "1.25", "EUR");
        var count = await Open(place);
        var request = Found(count.CountId, All(sku, 7));

        var first = await Record(request);
        await Record(count, All(sku, 9));
        await Approve(count);
        var again = await Record(request);
        var other = await Record(request with { Lines = [All(sku, 6)] });

        Assert.That(
            (first.Outcome, again.Outcome),
            Is.EqualTo((RecordCountsOutcome.Recorded, RecordCountsOutcome.Replayed))
        );
        Assert.That((again.Lines.Single(), again.Count), Is.EqualTo((first.Lines.Single(), first.Count)));
        Assert.That((first.Lines[0].Value, first.Lines[0].Currency), Is.EqualTo(("3.75", "EUR")));
        Assert.That(other.Outcome, Is.EqualTo(RecordCountsOutcome.RequestIdReused));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(9));
    }

    [Test]
    public async Task What_cannot_be_recorded_is_refused_by_name_and_nothing_of_it_is_recorded()
    {
        var place = await Given.Warehouse();
        var (sku, done) = (
            await Given.Stock(onHand: 5, warehouse: place),
            await Given.Stock(onHand: 5, warehouse: place)
        );
        var kit = await Given.Kit((sku, 2));
        var count = await Open(place);
        await Record(count, All(done, 5));
        await Approve(count, done);

        var unknown = await Record(count, All(sku, 1), All("nothing", 1));
        var isKit = await Record(count, All(kit, 1));
        var approved = await Record(count, new CountedItem(done, CountedState.Damaged, 1));
        var twice = await Record(count, All(sku, 1), new CountedItem(sku, CountedState.Damaged, 1));
        var nowhere = await Record(Found(Guid.NewGuid(), All(sku, 1)));

        Assert.That(
            (unknown.Outcome, unknown.Names),
            Is.EqualTo((RecordCountsOutcome.SkuUnknown, new[] { "nothing" }))
        );
        Assert.That((isKit.Outcome, isKit.Names), Is.EqualTo((RecordCountsOutcome.ItemIsKit, new[] { kit })));
        Assert.That((approved.Outcome, approved.Names), Is.EqualTo((RecordCountsOutcome.LineApproved, new[] { done })));
        Assert.That((twice.Outcome, twice.Names), Is.EqualTo((RecordCountsOutcome.CountedTwice, new[] { sku })));
        Assert.That(nowhere.Outcome, Is.EqualTo(RecordCountsOutcome.CountUnknown));
        Assert.That((await Sheet(count, LineSelection.Uncounted)).Lines.Single().Sku, Is.EqualTo(sku));
    }

    [Test]
    public async Task A_count_is_made_once_of_items_that_have_stock_of_their_own()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 5, warehouse: place);
        var kit = await Given.Kit((sku, 2));
        var request = Some(place, sku);

        var first = await Node.CreateCount.ExecuteAsync(request, default);
        var again = await Node.CreateCount.ExecuteAsync(request, default);
        var other = await Node.CreateCount.ExecuteAsync(request with { Blind = true }, default);
        var nowhere = await Node.CreateCount.ExecuteAsync(Some("nowhere"), default);
        var unknown = await Node.CreateCount.ExecuteAsync(Some(place, sku, "nothing"), default);
        var isKit = await Node.CreateCount.ExecuteAsync(Some(place, kit), default);

        Assert.That(
            (first.Outcome, again.Outcome),
            Is.EqualTo((CreateCountOutcome.Created, CreateCountOutcome.Replayed))
        );
        Assert.That(again.Count, Is.EqualTo(first.Count));
        Assert.That(other.Outcome, Is.EqualTo(CreateCountOutcome.RequestIdReused));
        Assert.That(nowhere.Outcome, Is.EqualTo(CreateCountOutcome.WarehouseUnknown));
        Assert.That((unknown.Outcome, unknown.Names), Is.EqualTo((CreateCountOutcome.SkuUnknown, new[] { "nothing" })));
        Assert.That((isKit.Outcome, isKit.Names), Is.EqualTo((CreateCountOutcome.ItemIsKit, new[] { kit })));
    }
}
