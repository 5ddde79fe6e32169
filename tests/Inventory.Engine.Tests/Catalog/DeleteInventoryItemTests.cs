using Inventory.Engine.Catalog;
using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Catalog;

[Parallelizable(ParallelScope.Self)]
public sealed class DeleteInventoryItemTests : EngineFixture
{
    [Test]
    public async Task What_is_in_stock_stays_and_the_refusal_says_how_much()
    {
        var sku = await Given.Stock(onHand: 5);
        await Given.Stock(onHand: 2, sku: sku, warehouse: await Given.Warehouse());
        await Given.Stock(onHand: 0, sku: sku, warehouse: await Given.Warehouse());
        await Hold(sku, 3);

        var answer = await Delete(sku);

        Assert.That(answer, Is.EqualTo(new DeleteItemAnswer(DeleteItemOutcome.StockRemains, 1, 2, 7, 3, 0)));
        Assert.That((await Node.Item.BySkuOrIdAsync(sku, default)).Outcome, Is.EqualTo(GetItemOutcome.Found));
    }

    [Test]
    public async Task An_item_without_stock_goes_and_what_was_sold_of_it_stays_named()
    {
        var sku = await Given.Stock(onHand: 2);
        var gtin = Gtin.TryParse(Some.Gtin13(), out var parsed) ? parsed : default;
        await Node.UpdateItem.ExecuteAsync(
            new()
            {
                Caller = Some.Caller,
                RequestId = Some.RequestId(),
                Item = sku,
                Barcodes = [gtin],
                SafetyStock = 1,
            },
            default
        );
        var held = await Hold(sku, 1);
        await Confirm(held.ReservationId);
        await Edit(Some.Set(sku, 0));

        var answer = await Delete(sku);
        await using var late = new EngineNode(Database.Cell);
        var told = await late.Get.ExecuteAsync(held.ReservationId, default);
        var sold = await Reserve(Some.Reserve(sku));
        var added = await Edit(Some.Add(sku));

        Assert.That(answer.Outcome, Is.EqualTo(DeleteItemOutcome.Deleted));
        Assert.That(
            told.Reservation!.Allocations,
            Is.EqualTo(new[] { new Allocation(sku, Given.MainWarehouse, 1) { Confirmed = 1 } })
        );
        Assert.That((sold.Outcome, added.Outcome), Is.EqualTo((ReserveOutcome.SkuUnknown, EditOutcome.SkuUnknown)));
        Assert.That((await Node.Item.ByBarcodeAsync(gtin, default)).Outcome, Is.EqualTo(GetItemOutcome.NotFound));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task Its_SKU_can_be_used_again_and_another_server_sells_the_new_one_at_once()
    {
        var sku = await Given.Stock(onHand: 0);
        await Reserve(Some.Reserve(sku));
        await using var other = new EngineNode(Database.Cell);
        await other.DeleteItem.ExecuteAsync(Deletion(sku), default);
        var made = await other.CreateItem.ExecuteAsync(
            new()
            {
                Caller = Some.Caller,
                Sku = sku,
                Name = "Again",
                Openings = [new(Given.MainWarehouse, 4)],
            },
            default
        );

        var held = await Reserve(Some.Reserve(sku, 4));

        Assert.That(made.Outcome, Is.EqualTo(CreateItemOutcome.Created));
        Assert.That(held.Outcome, Is.EqualTo(ReserveOutcome.Held));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(4));
    }

    [Test]
    public async Task Another_server_forgets_it_with_its_next_look()
    {
        var sku = await Given.Item();
        await Node.Directory.FindAsync([sku], default);
        await using var other = new EngineNode(Database.Cell);
        await other.DeleteItem.ExecuteAsync(Deletion(sku), default);

        await Node.Directory.RefreshWarehousesAsync(default);

        Assert.That(Node.Directory.TryFind(sku, out _), Is.False);
    }

    [Test]
    public async Task A_replay_learns_that_it_is_gone_and_a_stale_version_keeps_it()
    {
        var sku = await Given.Item();
        var stale = await Node.DeleteItem.ExecuteAsync(Deletion(sku, 7), default);
        var deletion = Deletion(sku, 1);
        var first = await Node.DeleteItem.ExecuteAsync(deletion, default);

        var again = await Node.DeleteItem.ExecuteAsync(deletion, default);
        var other = await Node.DeleteItem.ExecuteAsync(deletion with { ExpectedRevision = null }, default);
        var unknown = await Delete(sku);

        Assert.That((stale.Outcome, stale.Revision), Is.EqualTo((DeleteItemOutcome.VersionConflict, 1)));
        Assert.That(
            new[] { first, again, other, unknown }.Select(a => a.Outcome),
            Is.EqualTo(
                new[]
                {
                    DeleteItemOutcome.Deleted,
                    DeleteItemOutcome.Replayed,
                    DeleteItemOutcome.RequestIdReused,
                    DeleteItemOutcome.ItemUnknown,
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
            var sku = round % 2 == 0 ? await Given.Stock(onHand: 0) : await Given.Item();
            await Node.Directory.FindAsync([sku], default);

            var receipt = Node.Edit.ExecuteAsync(Some.Add(sku), default).AsTask();
            var end = other.DeleteItem.ExecuteAsync(Deletion(sku), default);
            var (received, ended) = (await receipt, await end);

            var gone = ended.Outcome == DeleteItemOutcome.Deleted;
            Assert.That(received.Outcome == EditOutcome.Edited, Is.Not.EqualTo(gone), $"{received} {ended}");
            Assert.That(await Then.OnHand(sku), Is.EqualTo(gone ? 0 : 1));
        }

        Assert.That(await Then.Violations(), Is.Empty);
    }

    private static ItemDeletion Deletion(string sku, long? expected = null) =>
        new(Some.Caller, Some.RequestId(), sku, expected);

    private Task<DeleteItemAnswer> Delete(string sku) => Node.DeleteItem.ExecuteAsync(Deletion(sku), default);
}
