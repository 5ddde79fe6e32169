using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

[TestFixture]
public sealed class WarehouseChoiceTests : EngineFixture
{
    [Test]
    public async Task A_line_that_names_a_warehouse_is_taken_from_there()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Given.Stock(onHand: 5, warehouse: near);
        await Given.Stock(onHand: 5, sku: sku, warehouse: far);

        var answer = await Reserve(Some.Reserve(sku, quantity: 3, warehouse: far));
        var more = await Reserve(Some.Reserve(sku, quantity: 3, warehouse: far));

        Assert.That(answer.Reservation!.Allocations, Is.EqualTo([new Allocation(sku, far, 3)]));
        Assert.That(more.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(more.Refusals[0].Available, Is.EqualTo(2));
    }

    [Test]
    public async Task A_line_that_names_none_is_taken_by_priority_and_split_where_it_must_be()
    {
        var (first, second) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Given.Stock(onHand: 5, warehouse: second);
        await Given.Stock(onHand: 2, sku: sku, warehouse: first);

        var answer = await Reserve(Some.Reserve(sku, quantity: 6));

        Assert.That(
            answer.Reservation!.Allocations,
            Is.EquivalentTo([new Allocation(sku, first, 2), new Allocation(sku, second, 4)])
        );
    }

    [Test]
    public async Task An_inactive_warehouse_serves_no_new_holds()
    {
        var (closed, open) = (await Given.Warehouse(priority: 1, active: false), await Given.Warehouse(priority: 2));
        var sku = await Given.Stock(onHand: 5, warehouse: closed);
        var alone = await Given.Stock(onHand: 5, warehouse: closed);
        await Given.Stock(onHand: 5, sku: sku, warehouse: open);

        var elsewhere = await Reserve(Some.Reserve(sku, quantity: 2));
        var named = await Reserve(Some.Reserve(sku, warehouse: closed));
        var nowhere = await Reserve(Some.Reserve(alone));

        Assert.That(elsewhere.Reservation!.Allocations, Is.EqualTo([new Allocation(sku, open, 2)]));
        Assert.That(named.Outcome, Is.EqualTo(ReserveOutcome.WarehouseInactive));
        Assert.That(nowhere.Outcome, Is.EqualTo(ReserveOutcome.WarehouseInactive));
    }

    [Test]
    public async Task A_warehouse_that_was_closed_a_moment_ago_serves_no_new_holds()
    {
        var warehouse = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 5, warehouse: warehouse);
        await Hold(sku);
        await using var command = Database.Tables.CreateCommand("UPDATE warehouse SET active = false WHERE code = $1");
        command.Parameters.Add(new() { Value = warehouse });
        await command.ExecuteNonQueryAsync();

        var answer = await Reserve(Some.Reserve(sku));

        Assert.That(answer.Outcome, Is.EqualTo(ReserveOutcome.WarehouseInactive));
    }

    [Test]
    public async Task Stock_in_a_warehouse_that_the_server_has_not_heard_of_is_found_before_a_refusal()
    {
        var sku = await Given.Stock(onHand: 1);
        await Hold(sku);
        var added = await Given.Warehouse();
        await Given.Stock(onHand: 4, sku: sku, warehouse: added);

        var anywhere = await Reserve(Some.Reserve(sku, quantity: 3));
        var named = await Reserve(Some.Reserve(sku, warehouse: added));

        Assert.That(anywhere.Reservation!.Allocations, Is.EqualTo([new Allocation(sku, added, 3)]));
        Assert.That(named.Outcome, Is.EqualTo(ReserveOutcome.Held));
    }
}
