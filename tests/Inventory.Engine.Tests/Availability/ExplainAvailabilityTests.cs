using Inventory.Engine.Availability;
using Inventory.Engine.Database;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Availability;

[TestFixture]
public sealed class ExplainAvailabilityTests : EngineFixture
{
    [Test]
    public async Task Every_term_that_keeps_stock_back_is_named_with_how_much()
    {
        var sku = await Given.Stock(onHand: 20, safetyStock: 3, damaged: 2, qualityControl: 1);
        var hold = await Hold(sku, 5);
        var lapsed = await Hold(sku, 4);
        await Given.Lapsed(lapsed.ReservationId);

        var told = await Node.ExplainAvailability.ExecuteAsync(sku, [], CancellationToken.None);

        var stock = told.Stock.Single();
        Assert.That(told.Outcome, Is.EqualTo(AvailabilityOutcome.Found));
        Assert.That((stock.Available, stock.Due, stock.Sellable), Is.EqualTo((5, 4, 9)));
        Assert.That(
            stock.Blocks,
            Is.EqualTo([
                (StockTerm.Held, 5),
                (StockTerm.SafetyStock, 3),
                (StockTerm.Damaged, 2),
                (StockTerm.QualityControl, 1),
            ])
        );
        Assert.That(stock.NextLapseAt, Is.EqualTo(hold.ExpiresAt).Within(TimeSpan.FromMilliseconds(1)));
        Assert.That(await Then.State(lapsed.ReservationId), Is.EqualTo(Engine.Reservations.ReservationState.Held));
    }

    [Test]
    public async Task A_closed_warehouse_and_a_discontinued_item_keep_all_back()
    {
        var closed = await Given.Warehouse(active: false);
        var sku = await Given.Stock(onHand: 4, warehouse: closed);
        var gone = await Given.Stock(onHand: 6, discontinued: true);

        var inactive = await Node.ExplainAvailability.ExecuteAsync(sku, [], CancellationToken.None);
        var discontinued = await Node.ExplainAvailability.ExecuteAsync(gone, [], CancellationToken.None);

        Assert.That(inactive.Stock.Single().Blocks, Is.EqualTo([(StockTerm.WarehouseInactive, 4)]));
        Assert.That(discontinued.Stock.Single().Blocks, Is.EqualTo([(StockTerm.ItemDiscontinued, 6)]));
        Assert.That(inactive.Stock.Single().Sellable + discontinued.Stock.Single().Sellable, Is.Zero);
    }

    [Test]
    public async Task Warehouses_come_in_the_order_of_their_priority_and_only_those_asked_for()
    {
        var (later, sooner) = (await Given.Warehouse(priority: 5), await Given.Warehouse(priority: 2));
        var sku = await Given.Stock(onHand: 4, warehouse: later);
        await Given.Stock(onHand: 6, sku: sku, warehouse: sooner);

        var all = await Node.ExplainAvailability.ExecuteAsync(sku, [], CancellationToken.None);
        var one = await Node.ExplainAvailability.ExecuteAsync(sku, [later], CancellationToken.None);
        var unknown = await Node.ExplainAvailability.ExecuteAsync(sku, ["nowhere"], CancellationToken.None);
        var none = await Node.ExplainAvailability.ExecuteAsync("no-such-sku", [], CancellationToken.None);

        Assert.That(all.Stock.Select(s => s.Warehouse), Is.EqualTo([sooner, later]));
        Assert.That(one.Stock.Select(s => s.Warehouse), Is.EqualTo([later]));
        Assert.That(unknown.Outcome, Is.EqualTo(AvailabilityOutcome.WarehouseUnknown));
        Assert.That(none.Outcome, Is.EqualTo(AvailabilityOutcome.SkuUnknown));
    }
}
