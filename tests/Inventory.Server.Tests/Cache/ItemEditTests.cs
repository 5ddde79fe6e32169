using Inventory.Engine.Availability;
using Inventory.Engine.Catalog;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Cache;

/// <summary>
/// Edits and ends of items and warehouses reach the copies, also when the server that made them says nothing.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ItemEditTests : CacheFixture
{
    [Test]
    public async Task Safety_stock_and_an_end_of_sale_reach_the_copy()
    {
        var sku = await Copied(onHand: 5);
        await using var mute = NewMuteNode();

        await mute.UpdateItem.ExecuteAsync(Edit(sku) with { SafetyStock = 2 }, default);
        await Reading.FollowAsync();
        var kept = await Reading.GetCopyAsync(sku);
        await mute.UpdateItem.ExecuteAsync(Edit(sku) with { Discontinued = true }, default);
        await Reading.FollowAsync();
        var ended = await Reading.GetCopyAsync(sku);
        await mute.UpdateItem.ExecuteAsync(Edit(sku) with { Discontinued = false }, default);
        await Reading.FollowAsync();
        var sold = await Reading.GetCopyAsync(sku);

        Assert.That((kept.Totals.SafetyStock, kept.Totals.Available), Is.EqualTo((2, 3)));
        Assert.That((ended.Totals.OnHand, ended.Totals.Available), Is.EqualTo((5, 0)));
        Assert.That(sold.Totals.Available, Is.EqualTo(3));
    }

    [Test]
    public async Task Between_the_commit_and_the_follower_no_read_shows_amounts_that_do_not_belong_together()
    {
        var sku = await Copied(onHand: 5);

        await Node.UpdateItem.ExecuteAsync(Edit(sku) with { SafetyStock = 2 }, default);
        ItemAvailability? item = null;
        await Eventually.TrueAsync(async () => (item = await Reading.GetAsync(sku)).Totals.Available == 3);

        Assert.That(item!.Totals.SafetyStock, Is.EqualTo(2));
    }

    [Test]
    public async Task A_warehouse_that_is_gone_is_gone_from_the_copies()
    {
        var sku = await Given.Stock(onHand: 5);
        var code = await Given.Warehouse();
        await Given.Stock(onHand: 0, sku: sku, warehouse: code);
        await Reading.FollowAsync();
        var before = await Reading.GetCopyAsync(sku);
        await using var mute = NewMuteNode();

        var answer = await mute.DeleteWarehouse.ExecuteAsync(new(Some.Caller, Some.RequestId(), code), default);
        await Reading.FollowAsync();
        var after = await Reading.GetCopyAsync(sku);

        Assert.That(answer.Outcome, Is.EqualTo(Engine.Warehouses.DeleteWarehouseOutcome.Deleted));
        Assert.That(before.Warehouses.Select(w => w.Warehouse), Is.EquivalentTo(new[] { code, Given.MainWarehouse }));
        Assert.That(after.Warehouses.Select(w => w.Warehouse), Is.EqualTo(new[] { Given.MainWarehouse }));
    }

    private static ItemEdit Edit(string sku) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Item = sku,
        };
}
