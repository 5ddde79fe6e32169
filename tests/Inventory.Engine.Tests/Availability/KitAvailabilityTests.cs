using Inventory.Engine.Availability;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Availability;

/// <summary>A kit has as many as its parts allow.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class KitAvailabilityTests : EngineFixture
{
    private ReadingNode reading = null!;

    [OneTimeSetUp]
    public void StartReading() =>
        reading = new ReadingNode(Database.Cell, Node.Directory, Node.Committed, new NoCache());

    [OneTimeTearDown]
    public ValueTask StopReading() => reading.DisposeAsync();

    [Test]
    public async Task A_kit_has_what_the_scarcest_part_allows_at_each_warehouse_and_in_all()
    {
        string[] codes = [.. new[] { await Given.Warehouse(), await Given.Warehouse() }.Order(StringComparer.Ordinal)];
        var closed = await Given.Warehouse(active: false);
        var leg = await Given.Stock(onHand: 9, warehouse: codes[0]);
        await Given.Stock(onHand: 3, sku: leg, warehouse: codes[1]);
        await Given.Stock(onHand: 90, sku: leg, warehouse: closed);
        var top = await Given.Stock(onHand: 1, warehouse: codes[0]);
        await Given.Stock(onHand: 5, sku: top, warehouse: codes[1]);
        var kit = await Given.Kit((leg, 4), (top, 1));

        var shown = await reading.GetAsync(kit);
        var only = await reading.Get.ExecuteAsync(kit, [codes[0]], Consistency.Eventual, CancellationToken.None);

        // Nine legs here and three there are enough for three kits, the third of them from both.
        Assert.That(shown.Totals.Available, Is.EqualTo(3));
        Assert.That(
            shown.Warehouses.Where(w => w.Warehouse != closed).Select(w => (w.Warehouse, w.Amounts.Available)),
            Is.EqualTo([(codes[0], 1), (codes[1], 0)])
        );
        Assert.That(shown.Warehouses.Single(w => w.Warehouse == closed).Amounts.Available, Is.Zero);
        Assert.That(only.Item!.Totals.Available, Is.EqualTo(1));
        Assert.That(shown.Totals.OnHand, Is.Zero);
    }

    [Test]
    public async Task Many_are_read_at_once_kits_among_them()
    {
        var (leg, top) = (await Given.Stock(onHand: 9), await Given.Stock(onHand: 5));
        var kit = await Given.Kit((leg, 4), (top, 1));

        var answer = await reading.BatchGet.ExecuteAsync(
            [leg, kit, "no-such-sku"],
            [],
            Consistency.Eventual,
            CancellationToken.None
        );

        Assert.That(answer.Items.Select(i => (i.Sku, i.Totals.Available)), Is.EqualTo([(leg, 9), (kit, 2)]));
        Assert.That(answer.UnknownSkus, Is.EqualTo(["no-such-sku"]));
    }

    [Test]
    public async Task A_cart_of_kits_and_single_items_is_judged_by_the_parts_that_they_share()
    {
        var (leg, top) = (await Given.Stock(onHand: 10), await Given.Stock(onHand: 5));
        var kit = await Given.Kit((leg, 4), (top, 1));

        var fits = await Check(new(kit, null, 2), new(leg, null, 2));
        var tooMuch = await Check(new(kit, null, 2), new(leg, null, 3), new(top, null, 3));

        Assert.That(fits.Available);
        Assert.That(fits.Lines.Select(l => l.Available), Is.EqualTo([2, 10]));
        Assert.That(tooMuch.Available, Is.False);
        Assert.That(
            tooMuch.Lines.Select(l => l.Verdict),
            Is.EqualTo([CartVerdict.StockShort, CartVerdict.StockShort, CartVerdict.Available])
        );
    }

    [Test]
    public async Task A_kit_of_a_discontinued_part_has_nothing()
    {
        var (leg, gone) = (await Given.Stock(onHand: 9), await Given.Stock(onHand: 9, discontinued: true));
        var kit = await Given.Kit((leg, 4), (gone, 1));

        var shown = await reading.GetAsync(kit);
        var cart = await Check(new CartLine(kit, null, 1));

        Assert.That(shown.Totals.Available, Is.Zero);
        Assert.That(cart.Lines.Single().Verdict, Is.EqualTo(CartVerdict.ItemDiscontinued));
    }

    [Test]
    public async Task A_strong_read_counts_due_holds_and_what_the_kit_is_made_of_now()
    {
        var (leg, top) = (await Given.Stock(onHand: 8), await Given.Stock(onHand: 5));
        var kit = await Given.Kit((leg, 4));
        await Given.Lapsed((await Hold(leg, 8)).ReservationId);
        await using var other = new EngineNode(Database.Cell);

        var legs = await reading.GetAsync(kit, Consistency.Strong);
        await other.UpdateItem.ExecuteAsync(
            new()
            {
                Caller = Some.Caller,
                RequestId = Some.RequestId(),
                Item = kit,
                Components = [new(top, 1)],
            },
            CancellationToken.None
        );
        var tops = await reading.GetAsync(kit, Consistency.Strong);

        Assert.That((legs.Totals.Available, tops.Totals.Available), Is.EqualTo((2, 5)));
    }

    [Test]
    public async Task A_server_forgets_what_a_kit_was_made_of()
    {
        var (leg, top) = (await Given.Stock(onHand: 8), await Given.Stock(onHand: 5));
        var kit = await Given.Kit((leg, 4));
        await using var other = new EngineNode(Database.Cell);
        var before = await reading.GetAsync(kit);
        await other.UpdateItem.ExecuteAsync(
            new()
            {
                Caller = Some.Caller,
                RequestId = Some.RequestId(),
                Item = kit,
                Components = [new(top, 1)],
            },
            CancellationToken.None
        );

        Assert.That(before.Totals.Available, Is.EqualTo(2));
        await Eventually.TrueAsync(async () => (await reading.GetAsync(kit)).Totals.Available == 5);
    }

    private async Task<CartAvailability> Check(params CartLine[] lines) =>
        await reading.Check.ExecuteAsync(lines, Consistency.Eventual, CancellationToken.None);
}
