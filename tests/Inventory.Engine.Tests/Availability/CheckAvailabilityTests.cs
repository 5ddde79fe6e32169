using Inventory.Engine.Availability;
using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Availability;

[Parallelizable(ParallelScope.Self)]
public sealed class CheckAvailabilityTests : EngineFixture
{
    private ReadingNode reading = null!;

    [OneTimeSetUp]
    public void StartReading() =>
        reading = new ReadingNode(Database.Cell, Node.Directory, Node.Committed, new NoCache());

    [OneTimeTearDown]
    public ValueTask StopReading() => reading.DisposeAsync();

    [Test]
    public async Task A_cart_that_fits_is_available_line_by_line()
    {
        var (one, two) = (await Given.Stock(onHand: 5), await Given.Stock(onHand: 3));

        var cart = await Check(new(one, null, 5), new(two, Given.MainWarehouse, 1));

        Assert.That(cart.Available);
        Assert.That(
            cart.Lines.Select(l => (l.Verdict, l.Available)),
            Is.EqualTo([(CartVerdict.Available, 5), (CartVerdict.Available, 3)])
        );
        Assert.That(cart.Freshness!.Value.Source, Is.EqualTo(AvailabilitySource.Database));
    }

    [Test]
    public async Task Lines_of_one_sku_are_judged_together()
    {
        var sku = await Given.Stock(onHand: 5);

        var cart = await Check(new(sku, null, 3), new(sku, null, 3));

        Assert.That(cart.Available, Is.False);
        Assert.That(cart.Lines.Select(l => (l.Verdict, l.Available)), Is.All.EqualTo((CartVerdict.StockShort, 5)));
    }

    [Test]
    public async Task A_line_without_a_warehouse_draws_on_all_of_them_behind_lines_that_name_one()
    {
        var near = Some.WarehouseCode();
        var sku = await Given.Stock(onHand: 4, warehouse: near);
        await Given.Stock(onHand: 6, sku: sku);

        var fitting = await Check(new(sku, null, 7), new(sku, near, 3));
        var tooMuch = await Check(new(sku, null, 8), new(sku, near, 3));

        Assert.That(
            fitting.Lines.Select(l => (l.Verdict, l.Available)),
            Is.EqualTo([(CartVerdict.Available, 7), (CartVerdict.Available, 4)])
        );
        Assert.That(tooMuch.Lines.Select(l => l.Verdict), Is.EqualTo([CartVerdict.StockShort, CartVerdict.Available]));
        Assert.That(
            (await Reserve(Cart(sku, (null, 8), (near, 3)))).Reservation,
            Is.Null,
            "a reservation is judged alike"
        );
        Assert.That((await Reserve(Cart(sku, (null, 7), (near, 3)))).Reservation, Is.Not.Null);
    }

    [Test]
    public async Task Every_line_says_its_own_trouble()
    {
        var closed = await Given.Warehouse(active: false);
        var sku = await Given.Stock(onHand: 5, warehouse: closed);
        var old = await Given.Stock(onHand: 5, discontinued: true);
        var empty = await Given.Item();

        var cart = await Check(
            new("nothing", "nowhere", 1),
            new(sku, "nowhere", 1),
            new(old, closed, 1),
            new(sku, closed, 1),
            new(sku, null, 1),
            new(empty, null, 1)
        );

        Assert.That(
            cart.Lines.Select(l => l.Verdict),
            Is.EqualTo([
                CartVerdict.SkuUnknown,
                CartVerdict.WarehouseUnknown,
                CartVerdict.ItemDiscontinued,
                CartVerdict.WarehouseInactive,
                CartVerdict.StockShort,
                CartVerdict.StockShort,
            ])
        );
    }

    [Test]
    public async Task A_cart_of_nothing_known_has_no_age()
    {
        var cart = await Check(new CartLine("nothing", null, 1));

        Assert.That(
            (cart.Outcome, cart.Available, cart.Freshness),
            Is.EqualTo((AvailabilityOutcome.Found, false, (Freshness?)null))
        );
    }

    [Test]
    public async Task A_strong_check_counts_due_holds_as_available()
    {
        var sku = await Given.Stock(onHand: 5);
        await Given.Lapsed((await Hold(sku, 5)).ReservationId);

        var strong = await reading.Check.ExecuteAsync([new(sku, null, 5)], Consistency.Strong, CancellationToken.None);

        Assert.That(strong.Available);
    }

    private async Task<CartAvailability> Check(params CartLine[] lines) =>
        await reading.Check.ExecuteAsync(lines, Consistency.Eventual, CancellationToken.None);

    private static ReserveRequest Cart(string sku, params (string? Warehouse, long Quantity)[] lines) =>
        Some.Reserve() with
        {
            Lines = [.. lines.Select(l => new ReserveLine(sku, l.Warehouse, l.Quantity))],
        };
}
