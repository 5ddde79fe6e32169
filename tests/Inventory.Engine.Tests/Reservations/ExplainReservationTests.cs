using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

[TestFixture]
public sealed class ExplainReservationTests : EngineFixture
{
    [Test]
    public async Task A_request_is_told_where_it_would_draw_and_why_others_are_passed_over()
    {
        string[] codes =
        [
            await Given.Warehouse(priority: 1, active: false),
            await Given.Warehouse(priority: 2),
            await Given.Warehouse(priority: 3),
            await Given.Warehouse(priority: 4),
        ];
        var sku = await Given.Stock(onHand: 9, warehouse: codes[0]);
        await Given.Stock(onHand: 0, sku: sku, warehouse: codes[1]);
        await Given.Stock(onHand: 5, sku: sku, warehouse: codes[2]);
        await Given.Stock(onHand: 5, sku: sku, warehouse: codes[3]);
        var order = Some.Reserve(sku, 4);

        var told = await Node.Explain.ExecuteAsync(order, CancellationToken.None);

        Assert.That(told.Verdict, Is.EqualTo(ReserveOutcome.WouldHold));
        Assert.That(
            told.Lines.Single().Warehouses.Select(w => (w.Stock.Warehouse, w.Quantity, w.Choice)),
            Is.EqualTo([
                (codes[0], 0, SourceChoice.WarehouseInactive),
                (codes[1], 0, SourceChoice.Empty),
                (codes[2], 4, SourceChoice.Drawn),
                (codes[3], 0, SourceChoice.NotNeeded),
            ])
        );
        Assert.That(await Then.Reservations(sku), Is.Zero);
        Assert.That((await Reserve(order)).Outcome, Is.EqualTo(ReserveOutcome.Held));
    }

    [Test]
    public async Task A_request_that_would_be_refused_is_told_which_line_and_which_terms_are_in_the_way()
    {
        var sku = await Given.Stock(onHand: 20, safetyStock: 3, damaged: 2, qualityControl: 1);
        var hold = await Hold(sku, 5);
        var lapsed = await Hold(sku, 4);
        await Given.Lapsed(lapsed.ReservationId);
        var other = await Given.Stock(onHand: 5);

        var told = await Node.Explain.ExecuteAsync(Some.Reserve((sku, 10), (other, 1)), CancellationToken.None);

        Assert.That(told.Verdict, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(
            told.Lines.Select(l => (l.Sku, l.Refusal, l.HeldQuantity)),
            Is.EquivalentTo(
                new[] { (sku, (ReserveOutcome?)ReserveOutcome.StockShort, 0L), (other, (ReserveOutcome?)null, 0L) }
            )
        );
        var source = told.Lines.Single(l => l.Sku == sku).Warehouses.Single();
        Assert.That(source.Choice, Is.EqualTo(SourceChoice.TooLittle));
        Assert.That((source.Stock.Sellable, source.Stock.Due), Is.EqualTo((9, 4)));
        Assert.That(source.Stock.NextLapseAt, Is.EqualTo(hold.ExpiresAt).Within(TimeSpan.FromMilliseconds(1)));
        Assert.That(source.Stock.NextLapseQuantity, Is.EqualTo(5));
        Assert.That(
            source.Stock.Blocks,
            Is.EqualTo([
                (StockTerm.Held, 5),
                (StockTerm.SafetyStock, 3),
                (StockTerm.Damaged, 2),
                (StockTerm.QualityControl, 1),
            ])
        );
    }

    [Test]
    public async Task A_line_that_names_a_warehouse_passes_the_others_over()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Given.Stock(onHand: 9, warehouse: near);
        await Given.Stock(onHand: 9, sku: sku, warehouse: far);

        var told = await Node.Explain.ExecuteAsync(Some.Reserve(sku, 4, far), CancellationToken.None);

        Assert.That(
            told.Lines.Single().Warehouses.Select(w => w.Choice),
            Is.EqualTo([SourceChoice.OtherNamed, SourceChoice.Drawn])
        );
    }

    [Test]
    public async Task A_reservation_is_explained_as_it_stands()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Given.Stock(onHand: 3, warehouse: near);
        await Given.Stock(onHand: 9, sku: sku, warehouse: far);
        var order = Some.Reserve(sku, 20) with { Fill = ReserveFill.BestEffort };
        var held = (await Reserve(order)).Reservation!;

        var told = await Node.Explain.ExecuteAsync(held.ReservationId, CancellationToken.None);
        var asked = await Node.Explain.ExecuteAsync(order, CancellationToken.None);
        var other = await Node.Explain.ExecuteAsync(order with { HoldMs = 5_000 }, CancellationToken.None);

        Assert.That(told.Outcome, Is.EqualTo(ExplainOutcome.Stands));
        Assert.That(told.Reservation!.State, Is.EqualTo(ReservationState.Held));
        Assert.That((told.Lines.Single().Quantity, told.Lines.Single().HeldQuantity), Is.EqualTo((20, 12)));
        Assert.That(told.Lines.Single().Warehouses.Select(w => w.Quantity), Is.EqualTo([3, 9]));
        Assert.That(asked.Verdict, Is.EqualTo(ReserveOutcome.Replayed));
        Assert.That(asked.Reservation!.ReservationId, Is.EqualTo(held.ReservationId));
        Assert.That(other.Verdict, Is.EqualTo(ReserveOutcome.RequestIdReused));
        Assert.That(other.Reservation, Is.Null);
    }

    [Test]
    public async Task What_is_not_there_is_said_to_be_unknown()
    {
        var sku = await Given.Stock(onHand: 3);

        var reservation = await Node.Explain.ExecuteAsync(Guid.NewGuid(), CancellationToken.None);
        var item = await Node.Explain.ExecuteAsync(Some.Reserve("no-such-sku"), CancellationToken.None);
        var warehouse = await Node.Explain.ExecuteAsync(Some.Reserve(sku, 1, "nowhere"), CancellationToken.None);

        Assert.That(reservation.Outcome, Is.EqualTo(ExplainOutcome.NotFound));
        Assert.That(item.Verdict, Is.EqualTo(ReserveOutcome.SkuUnknown));
        Assert.That(warehouse.Verdict, Is.EqualTo(ReserveOutcome.WarehouseUnknown));
    }

    [Test]
    public async Task Stock_that_the_server_has_not_heard_of_is_in_an_explanation()
    {
        var sku = await Given.Stock(onHand: 1);
        await Hold(sku);
        var added = await Given.Warehouse();
        await Given.Stock(onHand: 4, sku: sku, warehouse: added);

        var told = await Node.Explain.ExecuteAsync(Some.Reserve(sku, 4), CancellationToken.None);

        Assert.That(told.Verdict, Is.EqualTo(ReserveOutcome.WouldHold));
        Assert.That(
            told.Lines.Single().Warehouses.Where(w => w.Quantity > 0).Select(w => w.Stock.Warehouse),
            Is.EqualTo([added])
        );
    }
}
