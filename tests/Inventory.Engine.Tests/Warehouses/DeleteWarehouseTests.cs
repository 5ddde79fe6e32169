using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;
using Inventory.Engine.Warehouses;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Warehouses;

[Parallelizable(ParallelScope.Self)]
public sealed class DeleteWarehouseTests : EngineFixture
{
    [Test]
    public async Task What_holds_stock_stays_and_the_refusal_says_how_much()
    {
        var code = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 5, warehouse: code);
        await Given.Stock(onHand: 0, warehouse: code, safetyStock: 2);
        await Hold(sku, 2);

        var answer = await Delete(code);

        Assert.That(answer, Is.EqualTo(new DeleteWarehouseAnswer(DeleteWarehouseOutcome.StockRemains, 1, 1, 5, 2, 0)));
        Assert.That(await Node.Warehouse.ExecuteAsync(code, default), Is.Not.Null);
        Assert.That(await Then.OnHand(sku, code), Is.EqualTo(5));
    }

    [Test]
    public async Task An_empty_one_goes_with_its_rows_and_what_was_sold_from_it_stays_named()
    {
        var code = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 2, warehouse: code, safetyStock: 0);
        var held = await Hold(sku, 2);
        await Confirm(held.ReservationId);
        await using var other = new EngineNode(Database.Cell);
        await other.Reserve.ExecuteAsync(Some.Reserve(sku), default);

        var answer = await Delete(code);
        await using var late = new EngineNode(Database.Cell);
        var told = await late.Get.ExecuteAsync(held.ReservationId, default);
        var sold = await other.Reserve.ExecuteAsync(Some.Reserve(sku), default);
        var counted = await other.Edit.ExecuteAsync(Some.Set(sku, 1, code), default);

        Assert.That(answer.Outcome, Is.EqualTo(DeleteWarehouseOutcome.Deleted));
        Assert.That(await Node.Warehouse.ExecuteAsync(code, default), Is.Null);
        Assert.That(
            told.Reservation!.Allocations,
            Is.EqualTo(new[] { new Allocation(sku, code, 2) { Confirmed = 2 } })
        );
        Assert.That(sold.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(
            counted.Outcome,
            Is.AnyOf(EditOutcome.StockUnknown, EditOutcome.WarehouseUnknown),
            "a server that still knew the code finds nothing behind it"
        );
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task Its_code_can_be_used_again_for_another_that_serves()
    {
        var code = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 0, warehouse: code);
        await Reserve(Some.Reserve(sku));
        await using var other = new EngineNode(Database.Cell);
        await other.DeleteWarehouse.ExecuteAsync(Deletion(code), default);

        await other.CreateWarehouse.ExecuteAsync(
            new()
            {
                Caller = Some.Caller,
                Code = code,
                Name = "Again",
            },
            default
        );
        await other.Edit.ExecuteAsync(Some.Add(sku, 3, code), default);
        var held = await Reserve(Some.Reserve(sku, 3));

        Assert.That(held.Reservation!.Allocations, Is.EqualTo(new[] { new Allocation(sku, code, 3) }));
    }

    [Test]
    public async Task A_replay_learns_that_it_is_gone_and_a_stale_version_keeps_it()
    {
        var code = await Given.Warehouse();
        var stale = await Delete(code, expected: 2);
        var deletion = Deletion(code, 1);
        var first = await Node.DeleteWarehouse.ExecuteAsync(deletion, default);

        var again = await Node.DeleteWarehouse.ExecuteAsync(deletion, default);
        var other = await Node.DeleteWarehouse.ExecuteAsync(deletion with { ExpectedRevision = null }, default);
        var unknown = await Delete(code);

        Assert.That((stale.Outcome, stale.Revision), Is.EqualTo((DeleteWarehouseOutcome.VersionConflict, 1)));
        Assert.That(
            new[] { first, again, other, unknown }.Select(a => a.Outcome),
            Is.EqualTo(
                new[]
                {
                    DeleteWarehouseOutcome.Deleted,
                    DeleteWarehouseOutcome.Replayed,
                    DeleteWarehouseOutcome.RequestIdReused,
                    DeleteWarehouseOutcome.WarehouseUnknown,
                }
            )
        );
    }

    [Test]
    public async Task Of_a_receipt_and_an_end_at_once_one_wins_whole()
    {
        await using var other = new EngineNode(Database.Cell);
        for (var round = 0; round < 30; round++)
        {
            // Every other round there is a row already, and every other one begins with the receipt.
            var code = await Given.Warehouse();
            var sku = round % 2 == 0 ? await Given.Stock(onHand: 0, warehouse: code) : await Given.Item();
            await Node.Directory.RefreshWarehousesAsync(default);

            var receipt = Node.Edit.ExecuteAsync(Some.Add(sku, 1, code), default).AsTask();
            var end = other.DeleteWarehouse.ExecuteAsync(Deletion(code), default);
            var (received, ended) = (await receipt, await end);

            var gone = ended.Outcome == DeleteWarehouseOutcome.Deleted;
            Assert.That(received.Outcome == EditOutcome.Edited, Is.Not.EqualTo(gone), $"{received} {ended}");
            Assert.That(await Then.OnHand(sku), Is.EqualTo(gone ? 0 : 1));
        }

        Assert.That(await Then.Violations(), Is.Empty);
    }

    private static WarehouseDeletion Deletion(string code, long? expected = null) =>
        new(Some.Caller, Some.RequestId(), code, expected);

    private Task<DeleteWarehouseAnswer> Delete(string code, long? expected = null) =>
        Node.DeleteWarehouse.ExecuteAsync(Deletion(code, expected), default);
}
