using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Stock;

[Parallelizable(ParallelScope.Self)]
public sealed class OpenStockTests : EngineFixture
{
    [Test]
    public async Task A_warehouse_begins_to_stock_an_item_with_its_first_receipt_and_the_items_safety_stock()
    {
        var sku = await Given.Item(safetyStock: 2);
        await Given.Warehouse(Given.MainWarehouse);

        var answer = await Edit(Some.Add(sku, 5));
        var held = await Hold(sku, quantity: 3);

        Assert.That((answer.Stock!.Available, answer.Stock.Version), Is.EqualTo((3, 2)));
        Assert.That(held.Allocations, Has.Count.EqualTo(1));
        var journal = await JournalEntry.OfAsync(Database, sku);
        Assert.That(
            journal.Select(j => (j.Kind, j.SafetyStock, j.OnHand)),
            Is.EqualTo(
                new (JournalKind, long?, long?)[]
                {
                    (JournalKind.Opened, 2, null),
                    (JournalKind.Added, null, 5),
                    (JournalKind.Held, null, null),
                }
            )
        );
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_sale_that_knew_of_no_row_finds_the_one_that_another_server_has_begun()
    {
        var sku = await Given.Item();
        var warehouse = await Given.Warehouse();
        await Reserve(Some.Reserve(sku));
        await using var other = new EngineNode(Database.Cell);
        await other.Edit.ExecuteAsync(Some.Set(sku, 1, warehouse), default);

        var held = await Reserve(Some.Reserve(sku));
        var removed = await Edit(Some.Remove(sku, 1, warehouse));

        Assert.That(held.Reservation, Is.Not.Null);
        Assert.That(removed.Outcome, Is.EqualTo(EditOutcome.StockShort));
    }

    [Test]
    public async Task Ten_first_receipts_at_once_begin_one_row()
    {
        var sku = await Given.Item(safetyStock: 1);
        var warehouse = await Given.Warehouse();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Edit(Some.Add(sku, 1, warehouse))));

        Assert.That(answers.Select(a => a.Outcome), Is.All.EqualTo(EditOutcome.Edited));
        Assert.That(answers.Select(a => a.Stock!.OnHand), Is.EquivalentTo(Enumerable.Range(1, 10)));
        Assert.That(await Then.Changes(sku), Is.EqualTo(11));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_refused_edit_begins_no_row()
    {
        var sku = await Given.Item();
        var ended = await Given.Item(discontinued: true);
        var open = await Given.Warehouse();
        var shut = await Given.Warehouse(active: false);

        EditAnswer[] answers =
        [
            await Edit(Some.Remove(sku, 1, open)),
            await Edit(Some.Adjust(sku, -1, open)),
            await Edit(Some.Add(sku, 1, open) with { ExpectedRevision = 1 }),
            await Edit(Some.Add(ended, 1, open)),
            await Edit(Some.Add(sku, 1, shut)),
        ];

        Assert.That(
            answers.Select(a => a.Outcome),
            Is.EqualTo(
                new[]
                {
                    EditOutcome.StockUnknown,
                    EditOutcome.StockUnknown,
                    EditOutcome.StockUnknown,
                    EditOutcome.ItemDiscontinued,
                    EditOutcome.WarehouseInactive,
                }
            )
        );
        Assert.That(await Node.Stock.ExecuteAsync(StockTarget.At(sku, open), default), Is.Null);
        Assert.That(await Node.Stock.ExecuteAsync(StockTarget.At(ended, open), default), Is.Null);
        Assert.That(await Node.Stock.ExecuteAsync(StockTarget.At(sku, shut), default), Is.Null);
    }

    [Test]
    public async Task A_count_may_find_a_discontinued_item_where_none_was_known()
    {
        var sku = await Given.Item(discontinued: true);
        var shut = await Given.Warehouse(active: false);

        var answer = await Edit(Some.Set(sku, 2, shut));

        Assert.That(answer.Stock!.OnHand, Is.EqualTo(2));
        Assert.That((await Reserve(Some.Reserve(sku))).Reservation, Is.Null);
    }
}
