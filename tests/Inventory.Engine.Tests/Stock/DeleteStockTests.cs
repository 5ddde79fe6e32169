using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Stock;

[Parallelizable(ParallelScope.Self)]
public sealed class DeleteStockTests : EngineFixture
{
    private static readonly string Main = Given.MainWarehouse;

    [Test]
    public async Task What_is_there_stays_and_the_refusal_says_how_much()
    {
        var sku = await Given.Stock(onHand: 5);
        await Hold(sku, quantity: 2);

        var answer = await Delete(sku);

        Assert.That(answer, Is.EqualTo(new DeleteStockAnswer(DeleteStockOutcome.StockRemains, 1, 5, 2, 0)));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(5));
    }

    [Test]
    public async Task A_row_of_nothing_goes_and_what_was_sold_of_it_stays_named()
    {
        var sku = await Given.Stock(onHand: 2, safetyStock: 1);
        var held = await Hold(sku);
        await Confirm(held.ReservationId);
        await Edit(Some.Set(sku, 0));

        var answer = await Delete(sku);
        await using var late = new EngineNode(Database.Cell);
        var told = await late.Get.ExecuteAsync(held.ReservationId, default);

        Assert.That(answer.Outcome, Is.EqualTo(DeleteStockOutcome.Deleted));
        Assert.That(await Node.Stock.ExecuteAsync(StockTarget.At(sku, Main), default), Is.Null);
        Assert.That(
            told.Reservation!.Allocations,
            Is.EqualTo(new[] { new Allocation(sku, Main, 1) { Confirmed = 1 } })
        );
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task Stocked_again_it_is_found_by_a_server_that_remembers_the_row_that_is_gone()
    {
        var sku = await Given.Stock(onHand: 0);
        await Node.Directory.FindAsync([sku], default);
        await using var other = new EngineNode(Database.Cell);
        await other.DeleteStock.ExecuteAsync(Some.Deletion(sku), default);
        var before = await Edit(Some.Remove(sku));
        await other.Edit.ExecuteAsync(Some.Add(sku, 5), default);

        var read = await Node.Stock.ExecuteAsync(StockTarget.At(sku, Main), default);
        var removed = await Edit(Some.Remove(sku));
        var held = await Reserve(Some.Reserve(sku, 4, Main));

        Assert.That(before.Outcome, Is.EqualTo(EditOutcome.StockUnknown));
        Assert.That((read!.OnHand, removed.Stock!.OnHand), Is.EqualTo((5, 4)));
        Assert.That(held.Outcome, Is.EqualTo(ReserveOutcome.Held));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_row_that_came_in_the_place_of_a_remembered_one_is_edited_and_deleted(bool edits)
    {
        var sku = await Given.Stock(onHand: 0);
        await Node.Directory.FindAsync([sku], default);
        await using var other = new EngineNode(Database.Cell);
        await other.DeleteStock.ExecuteAsync(Some.Deletion(sku), default);
        await other.Edit.ExecuteAsync(Some.Set(sku, 3), default);

        var removed = edits
            ? await Edit(Some.Remove(sku, 3))
            : await other.Edit.ExecuteAsync(Some.Set(sku, 0), default);
        var deleted = await Delete(sku);

        Assert.That(removed.Stock!.OnHand, Is.Zero);
        Assert.That(deleted.Outcome, Is.EqualTo(DeleteStockOutcome.Deleted));
    }

    [Test]
    public async Task A_replay_learns_that_it_is_gone_and_a_stale_version_keeps_it()
    {
        var sku = await Given.Stock(onHand: 0);
        var stale = await Node.DeleteStock.ExecuteAsync(Some.Deletion(sku, expected: 7), default);
        var deletion = Some.Deletion(sku, expected: 1);
        var first = await Node.DeleteStock.ExecuteAsync(deletion, default);

        var again = await Node.DeleteStock.ExecuteAsync(deletion, default);
        var other = await Node.DeleteStock.ExecuteAsync(deletion with { ExpectedRevision = null }, default);
        DeleteStockAnswer[] unknown = [await Delete(sku), await Delete("nothing"), await Delete(sku, "nowhere")];

        Assert.That((stale.Outcome, stale.Revision), Is.EqualTo((DeleteStockOutcome.VersionConflict, 1)));
        Assert.That(
            new[] { first, again, other }.Concat(unknown).Select(a => a.Outcome),
            Is.EqualTo(
                new[]
                {
                    DeleteStockOutcome.Deleted,
                    DeleteStockOutcome.Replayed,
                    DeleteStockOutcome.RequestIdReused,
                    DeleteStockOutcome.StockUnknown,
                    DeleteStockOutcome.SkuUnknown,
                    DeleteStockOutcome.WarehouseUnknown,
                }
            )
        );
    }

    [Test]
    public async Task Of_a_receipt_and_an_end_at_once_nothing_is_lost()
    {
        await using var other = new EngineNode(Database.Cell);
        for (var round = 0; round < 30; round++)
        {
            var sku = await Given.Stock(onHand: 0);
            await Node.Directory.FindAsync([sku], default);

            var receipt = Node.Edit.ExecuteAsync(Some.Add(sku), default).AsTask();
            var end = other.DeleteStock.ExecuteAsync(Some.Deletion(sku), default);
            var (received, _) = (await receipt, await end);

            // Either it was received first and the row stays, or a row of its own has begun.
            Assert.That(received.Outcome, Is.EqualTo(EditOutcome.Edited));
            Assert.That(await Then.OnHand(sku), Is.EqualTo(1));
        }

        Assert.That(await Then.Violations(), Is.Empty);
    }

    private Task<DeleteStockAnswer> Delete(string sku, string? warehouse = null) =>
        Node.DeleteStock.ExecuteAsync(Some.Deletion(sku, warehouse), default);
}
