using Inventory.Engine.Availability;
using Inventory.Engine.Database;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Availability;

/// <summary>What reads say, without a cache: every one asks the tables.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class AvailabilityTests : EngineFixture
{
    private ReadingNode reading = null!;

    [OneTimeSetUp]
    public void StartReading() =>
        reading = new ReadingNode(Database.Cell, Node.Directory, Node.Committed, new NoCache());

    [OneTimeTearDown]
    public ValueTask StopReading() => reading.DisposeAsync();

    [Test]
    public async Task An_item_is_shown_by_warehouse_and_in_all()
    {
        var (first, second) = ($"A-{Some.WarehouseCode()}", $"B-{Some.WarehouseCode()}");
        var sku = await Given.Stock(onHand: 4, warehouse: second, damaged: 1);
        await Given.Stock(onHand: 9, sku: sku, warehouse: first, qualityControl: 2, safetyStock: 3);
        await Hold(sku, 2);

        var item = await reading.GetAsync(sku);

        Assert.That(item.Sku, Is.EqualTo(sku));
        Assert.That(item.Warehouses.Select(w => w.Warehouse), Is.EqualTo([first, second]));
        Assert.That(item.Totals, Is.EqualTo(new ShownAmounts(13, 2, 1, 2, 0, 3, 5)));
        Assert.That(item.Warehouses.Sum(w => w.Amounts.Reserved), Is.EqualTo(2));
        Assert.That(item.Freshness.Source, Is.EqualTo(AvailabilitySource.Database));
    }

    [Test]
    public async Task An_item_is_found_by_its_id_and_shown_with_its_sku()
    {
        var sku = await Given.Stock(onHand: 4);
        var items = await Node.Directory.FindAsync([sku], CancellationToken.None);

        var item = await reading.GetAsync(PublicId.Item(items[sku].ItemId));

        Assert.That((item.Sku, item.Totals.Available), Is.EqualTo((sku, 4)));
    }

    [Test]
    public async Task Only_the_warehouses_asked_for_are_shown_and_summed()
    {
        var near = Some.WarehouseCode();
        var sku = await Given.Stock(onHand: 4, warehouse: near);
        await Given.Stock(onHand: 9, sku: sku);

        var answer = await reading.Get.ExecuteAsync(sku, [near], Consistency.Eventual, CancellationToken.None);

        Assert.That(answer.Item!.Warehouses.Select(w => w.Warehouse), Is.EqualTo([near]));
        Assert.That(answer.Item.Totals.OnHand, Is.EqualTo(4));
    }

    [Test]
    public async Task What_is_not_known_is_named()
    {
        var sku = await Given.Stock(onHand: 4);

        var noItem = await reading.Get.ExecuteAsync("nothing", [], Consistency.Eventual, CancellationToken.None);
        var noPlace = await reading.Get.ExecuteAsync(sku, ["nowhere"], Consistency.Eventual, CancellationToken.None);

        Assert.That(noItem, Is.EqualTo(new AvailabilityAnswer(AvailabilityOutcome.SkuUnknown, null, "nothing")));
        Assert.That(noPlace, Is.EqualTo(new AvailabilityAnswer(AvailabilityOutcome.WarehouseUnknown, null, "nowhere")));
    }

    [Test]
    public async Task An_item_without_stock_has_nothing_anywhere()
    {
        var sku = await Given.Item();

        var item = await reading.GetAsync(sku);

        Assert.That(item.Warehouses, Is.Empty);
        Assert.That(item.Totals, Is.EqualTo(default(ShownAmounts)));
    }

    [Test]
    public async Task What_safety_stock_makes_negative_is_shown_as_nothing_and_hides_nothing_elsewhere()
    {
        var sku = await Given.Stock(onHand: 2, safetyStock: 10);
        await Given.Stock(onHand: 3, sku: sku, warehouse: Some.WarehouseCode());

        var item = await reading.GetAsync(sku);

        Assert.That(item.Warehouses.Select(w => w.Amounts.Available), Is.EquivalentTo([0, 3]));
        Assert.That(item.Totals.Available, Is.EqualTo(3));
    }

    [Test]
    public async Task Discontinued_items_and_inactive_warehouses_are_shown_and_not_available()
    {
        var closed = await Given.Warehouse(active: false);
        var stored = await Given.Stock(onHand: 5, warehouse: closed);
        var discontinued = await Given.Stock(onHand: 7, discontinued: true);

        var atClosed = await reading.GetAsync(stored);
        var unsold = await reading.GetAsync(discontinued);

        Assert.That((atClosed.Totals.OnHand, atClosed.Totals.Available), Is.EqualTo((5, 0)));
        Assert.That((unsold.Totals.OnHand, unsold.Totals.Available), Is.EqualTo((7, 0)));
    }

    [Test]
    public async Task A_strong_read_counts_due_holds_as_available_and_another_read_does_not()
    {
        var sku = await Given.Stock(onHand: 5);
        var due = await Hold(sku, 2);
        await Hold(sku, 1);
        await Given.Lapsed(due.ReservationId);

        var strong = await reading.GetAsync(sku, Consistency.Strong);
        var eventual = await reading.GetAsync(sku);

        Assert.That((strong.Totals.Available, strong.Totals.Reserved), Is.EqualTo((4, 1)));
        Assert.That((eventual.Totals.Available, eventual.Totals.Reserved), Is.EqualTo((2, 3)));
    }

    [Test]
    public async Task A_strong_read_sees_what_was_committed_before_it()
    {
        var sku = await Given.Stock(onHand: 100);

        for (var sold = 1; sold <= 20; sold++)
        {
            await Hold(sku, 1);
            Assert.That((await reading.GetAsync(sku, Consistency.Strong)).Totals.Reserved, Is.EqualTo(sold));
        }
    }

    [Test]
    public async Task A_batch_answers_in_the_order_of_the_request_and_names_what_is_not_known()
    {
        var skus = await Task.WhenAll(
            Enumerable.Range(1, BatchGetAvailability.SkusMax - 1).Select(i => Given.Stock(i))
        );

        var answer = await reading.BatchGet.ExecuteAsync(
            [.. skus.Reverse(), "nothing"],
            [],
            Consistency.Strong,
            CancellationToken.None
        );

        Assert.That(answer.Items.Select(i => i.Sku), Is.EqualTo(skus.Reverse()));
        Assert.That(answer.Items.Select(i => i.Totals.OnHand), Is.EqualTo(Enumerable.Range(1, skus.Length).Reverse()));
        Assert.That(answer.UnknownSkus, Is.EqualTo(["nothing"]));
    }

    [Test]
    public async Task A_batch_limited_to_a_warehouse_that_is_not_known_is_no_answer()
    {
        var sku = await Given.Stock(onHand: 4);

        var answer = await reading.BatchGet.ExecuteAsync(
            [sku],
            ["nowhere"],
            Consistency.Eventual,
            CancellationToken.None
        );

        Assert.That((answer.Outcome, answer.Unknown), Is.EqualTo((AvailabilityOutcome.WarehouseUnknown, "nowhere")));
    }
}
