using Inventory.Engine.Alerts;
using Inventory.Engine.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Alerts;

[Parallelizable(ParallelScope.Self)]
public sealed class JudgeLevelsTests : AlertFixture
{
    [Test]
    public async Task Stock_at_its_reorder_point_is_low_once_and_as_ListLowStock_says()
    {
        var sku = await Given.Stock(onHand: 20);
        await ReorderPoint(sku, 10);

        await Level(sku, 11);
        var above = await Of(sku);
        await Level(sku, 10);
        await Level(sku, 9);

        var alert = (await Of(sku)).Single();
        var low = await Node.Stocks.ExecuteAsync(
            new() { Items = StockItems.Item(sku), LowOnly = true },
            10,
            null,
            CancellationToken.None
        );
        Assert.That(above, Is.Empty);
        Assert.That((alert.Kind, alert.Amount, alert.Threshold), Is.EqualTo((AlertKind.LowStock, 10L, 10L)));
        Assert.That((alert.Sku, alert.Warehouse), Is.EqualTo((sku, Given.MainWarehouse)));
        Assert.That(low.Rows, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Between_the_two_thresholds_an_alert_neither_comes_nor_goes()
    {
        var sku = await Given.Stock(onHand: 20);
        await Threshold(AlertKind.LowStock, sku, null, raiseAt: 5, resolveAt: 8);
        var states = new List<(long OnHand, int Open, int All)>();

        foreach (var onHand in new long[] { 6, 5, 6, 7, 5, 7, 8, 7, 6, 7, 6, 5 })
        {
            await Level(sku, onHand);
            states.Add((onHand, (await Of(sku, openOnly: true)).Count, (await Of(sku)).Count));
        }

        Assert.That(states.Select(s => s.Open), Is.EqualTo([0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1]));
        Assert.That(states[^1].All, Is.EqualTo(2));
    }

    [Test]
    public async Task Held_stock_is_gone_and_a_single_piece_that_comes_back_is_no_news()
    {
        var sku = await Given.Stock(onHand: 2);
        var one = await Hold(sku);
        var other = await Hold(sku);
        await Judge(sku);
        var gone = await Of(sku);

        await Cancel(one.ReservationId);
        await Judge(sku);
        var stillOpen = await Of(sku, openOnly: true);
        await Cancel(other.ReservationId);
        await Judge(sku);

        Assert.That(gone.Select(a => a.Kind), Is.EqualTo([AlertKind.OutOfStock]));
        Assert.That(stillOpen, Has.Count.EqualTo(1));
        var over = (await Of(sku)).Single();
        Assert.That(over.ResolvedAt, Is.Not.Null);
        Assert.That(over.ResolvedBy, Is.Null);
    }

    [Test]
    public async Task Too_much_is_on_hand_only_where_a_threshold_is_set()
    {
        var sku = await Given.Stock(onHand: 500);
        var other = await Given.Stock(onHand: 500);
        await Threshold(AlertKind.Overstock, sku, null, raiseAt: 400);

        await Judge(sku);
        await Judge(other);
        var raised = await Of(sku);
        await Level(sku, 360);
        var between = await Of(sku, openOnly: true);
        await Level(sku, 359);

        Assert.That(raised.Select(a => a.Kind), Is.EqualTo([AlertKind.Overstock]));
        Assert.That(between, Has.Count.EqualTo(1));
        Assert.That(await Of(sku, openOnly: true), Is.Empty);
        Assert.That(await Of(other), Is.Empty);
    }

    [Test]
    public async Task The_most_particular_threshold_holds()
    {
        var warehouse = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 50, warehouse: warehouse);
        var found = new List<long?>();

        await Threshold(AlertKind.LowStock, null, warehouse, raiseAt: 100);
        await Note();
        await ReorderPoint(sku, 101);
        await Note();
        await Threshold(AlertKind.LowStock, sku, null, raiseAt: 102);
        await Note();
        await Threshold(AlertKind.LowStock, sku, warehouse, raiseAt: 103);
        await Note();
        await Threshold(AlertKind.LowStock, sku, warehouse, raiseAt: null);
        await Note();

        Assert.That(found, Is.EqualTo([100L, 101L, 102L, 103L, 102L]));

        async Task Note()
        {
            foreach (var open in await Of(sku, openOnly: true))
            {
                var step = new AlertStep(Some.Caller, Some.RequestId(), open.AlertId, AlertStepKind.Resolve, "");
                await Advance.ExecuteAsync(step, CancellationToken.None);
            }

            await Judge(sku);
            found.Add((await Of(sku, openOnly: true)).Single().Threshold);
        }
    }

    [TestCase(AlertKind.LowStock, 1_000_000, 1_000_000)]
    [TestCase(AlertKind.OutOfStock, 2_000_000, 2_000_000)]
    [TestCase(AlertKind.Overstock, 1, 1)]
    public async Task A_threshold_is_seen_that_is_beyond_all_others(AlertKind kind, int onHand, int raiseAt)
    {
        var (sku, other) = (await Given.Stock(onHand), await Given.Stock(onHand));
        await Threshold(kind, sku, null, raiseAt);

        await Judge(sku);
        await Judge(other);
        var open = await Of(sku, openOnly: true);
        await Threshold(kind, sku, null, raiseAt: null);
        await Judge(sku);

        Assert.That(open.Select(a => a.Kind), Is.EqualTo([kind]));
        Assert.That(await Of(other, openOnly: true), Is.Empty);
        Assert.That(await Of(sku, openOnly: true), Is.Empty);
    }

    [Test]
    public async Task A_reorder_point_is_seen_that_is_beyond_all_others()
    {
        var sku = await Given.Stock(onHand: 3_000_000);
        await ReorderPoint(sku, 3_000_000);

        await Judge(sku);
        await ReorderPoint(sku, null);

        Assert.That((await Of(sku, openOnly: true)).Select(a => a.Kind), Is.EqualTo([AlertKind.LowStock]));
    }

    [Test]
    public async Task What_is_no_longer_sold_or_gone_has_no_alert_any_more()
    {
        var sku = await Given.Stock(onHand: 0);
        await Judge(sku);
        var open = (await Of(sku, openOnly: true)).Single();

        await using (var connection = await Database.Tables.OpenConnectionAsync())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE stock SET discontinued = true WHERE stock_id = $1";
            command.Parameters.Add(new() { Value = long.Parse(open.Subject.Split('_')[1], null) });
            await command.ExecuteNonQueryAsync();
        }

        await Judge(sku);

        Assert.That(open.Kind, Is.EqualTo(AlertKind.OutOfStock));
        Assert.That(await Of(sku, openOnly: true), Is.Empty);
    }

    [Test]
    public async Task Many_who_judge_at_once_raise_one_alert()
    {
        var sku = await Given.Stock(onHand: 0);

        var judged = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Judge(sku))));

        Assert.That(judged.Sum(j => j.Raised), Is.EqualTo(1));
        Assert.That(await Of(sku), Has.Count.EqualTo(1));
    }
}
