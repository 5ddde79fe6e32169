using Inventory.Engine.Catalog;
using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using Inventory.Engine.Tests.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Catalog;

[Parallelizable(ParallelScope.Self)]
public sealed class UpdateInventoryItemTests : EngineFixture
{
    [Test]
    public async Task What_is_given_is_set_what_is_not_stays_and_none_is_a_value_too()
    {
        var sku = await Given.Item();
        var (first, second, third) = (NewGtin(), NewGtin(), NewGtin());

        await Update(
            Edit(sku) with
            {
                Name = "Hose",
                Description = "10 m",
                Category = "garden",
                ProductId = new("p"),
                VariantId = new("v"),
                Price = new(new Money(10.99m, "EUR")),
                UnitCost = new(new Money(4.0001m, "USD")),
                Barcodes = [first, second],
                ReorderPoint = new(3),
                ReorderQuantity = new(12),
            }
        );
        var answer = await Update(
            Edit(sku) with
            {
                VariantId = new(null),
                Price = new(null),
                ReorderPoint = new(null),
                Description = "",
                Barcodes = [second, third],
            }
        );

        var item = answer.Item!;
        Assert.That((item.Name, item.Description, item.Category), Is.EqualTo(("Hose", "", "garden")));
        Assert.That((item.ProductId, item.VariantId), Is.EqualTo(("p", (string?)null)));
        Assert.That((item.Price, item.UnitCost), Is.EqualTo(((Money?)null, (Money?)new Money(4.0001m, "USD"))));
        Assert.That((item.ReorderPoint, item.ReorderQuantity), Is.EqualTo(((long?)null, (long?)12)));
        Assert.That(item.Barcodes, Is.EqualTo(new[] { $"{second}", $"{third}" }.Order(StringComparer.Ordinal)));
        Assert.That(item.Revision, Is.EqualTo(3));
        Assert.That((await Find(sku)), Is.EqualTo(item).UsingPropertiesComparer());
        Assert.That((await Node.Item.ByBarcodeAsync(first, default)).Outcome, Is.EqualTo(GetItemOutcome.NotFound));
    }

    [Test]
    public async Task Safety_stock_goes_to_every_warehouse_with_a_journal_row_each()
    {
        var sku = await Given.Stock(onHand: 5);
        await Given.Stock(onHand: 1, sku: sku, warehouse: await Given.Warehouse());

        var answer = await Update(Edit(sku) with { SafetyStock = 2 });
        var again = await Update(Edit(sku) with { SafetyStock = 2 });
        var short_ = await Reserve(Some.Reserve(sku, 4));
        var held = await Reserve(Some.Reserve(sku, 3));

        Assert.That(answer.Item!.Available, Is.EqualTo(3), "what one warehouse lacks hides nothing of another");
        Assert.That(again.Item!.Revision, Is.EqualTo(3));
        Assert.That((short_.Outcome, held.Outcome), Is.EqualTo((ReserveOutcome.StockShort, ReserveOutcome.Held)));
        var journal = await JournalEntry.OfAsync(Database, sku);
        Assert.That(
            journal.Where(j => j.Kind == JournalKind.ItemEdited).Select(j => j.SafetyStock),
            Is.EqualTo(new long?[] { 2, 2 }),
            "an edit that changes nothing of a row leaves no trace in it"
        );
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task Discontinued_by_another_server_it_is_held_no_more_and_what_is_held_is_confirmed()
    {
        var sku = await Given.Stock(onHand: 5);
        var held = await Hold(sku, 2);
        await using var other = new EngineNode(Database.Cell);

        var answer = await other.UpdateItem.ExecuteAsync(Edit(sku) with { Discontinued = true }, default);
        var refused = await Reserve(Some.Reserve(sku));
        var confirmed = await Confirm(held.ReservationId);
        await other.UpdateItem.ExecuteAsync(Edit(sku) with { Discontinued = false }, default);
        var again = await Reserve(Some.Reserve(sku));

        Assert.That(answer.Item!.Status, Is.EqualTo(ItemStatus.Discontinued));
        Assert.That(refused.Outcome, Is.EqualTo(ReserveOutcome.ItemDiscontinued));
        Assert.That((confirmed.Outcome, again.Outcome), Is.EqualTo((EndOutcome.Ended, ReserveOutcome.Held)));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_replay_learns_the_item_as_it_was_then()
    {
        var sku = await Given.Stock(onHand: 5);
        var edit = Edit(sku) with { Price = new(new Money(10.5m, "EUR")), ExpectedRevision = 1 };
        var first = await Update(edit);
        await Hold(sku, 5);
        await Update(Edit(sku) with { Name = "Other" });

        var again = await Update(edit with { Price = new(new Money(10.50m, "EUR")) });
        var other = await Update(edit with { Price = new(null) });

        Assert.That(again.Outcome, Is.EqualTo(UpdateItemOutcome.Replayed));
        Assert.That(again.Item, Is.EqualTo(first.Item).UsingPropertiesComparer());
        Assert.That((again.Item!.Available, again.Item.Status), Is.EqualTo((5, ItemStatus.InStock)));
        Assert.That(other.Outcome, Is.EqualTo(UpdateItemOutcome.RequestIdReused));
        Assert.That((await Find(sku)).Name, Is.EqualTo("Other"));
    }

    [Test]
    public async Task Each_refusal_is_named_and_changes_nothing()
    {
        var sku = await Given.Item();
        var taken = NewGtin();
        await Update(Edit(await Given.Item()) with { Barcodes = [taken] });

        UpdateItemAnswer[] answers =
        [
            await Update(Edit(Some.Sku()) with { Name = "x" }),
            await Update(Edit(sku) with { Name = "x", ExpectedRevision = 2 }),
            await Update(Edit(sku) with { Name = "x", VariantId = new("v") }),
            await Update(Edit(sku) with { Name = "x", Barcodes = [NewGtin(), taken] }),
        ];

        Assert.That(
            answers.Select(a => a.Outcome),
            Is.EqualTo(
                new[]
                {
                    UpdateItemOutcome.ItemUnknown,
                    UpdateItemOutcome.VersionConflict,
                    UpdateItemOutcome.VariantOfNothing,
                    UpdateItemOutcome.BarcodeTaken,
                }
            )
        );
        Assert.That(answers[1].Revision, Is.EqualTo(1));
        Assert.That(answers[3].TakenBarcodes, Is.EqualTo(new[] { $"{taken}" }));
        var item = await Find(sku);
        Assert.That((item.Name, item.Revision, item.Barcodes.Count), Is.EqualTo((sku, 1L, 0)));
    }

    [TestCase(0, 5L, ItemStatus.OutOfStock)]
    [TestCase(5, 5L, ItemStatus.LowStock)]
    [TestCase(6, 5L, ItemStatus.InStock)]
    [TestCase(1, null, ItemStatus.InStock)]
    [TestCase(1, 0L, ItemStatus.InStock)]
    public async Task The_status_follows_from_what_can_be_held(int available, long? point, ItemStatus status)
    {
        var sku = await Given.Stock(onHand: available + 3, safetyStock: 1);
        await Given.Stock(onHand: 50, sku: sku, warehouse: await Given.Warehouse(active: false));
        await Hold(sku, 2);

        var answer = await Update(Edit(sku) with { ReorderPoint = new(point) });

        Assert.That((answer.Item!.Available, answer.Item.Status), Is.EqualTo((available, status)));
        Assert.That((await Find(sku)).Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Edits_beside_sales_receipts_and_rows_that_begin_leave_books_that_add_up()
    {
        var sku = await Given.Stock(onHand: 1_000);
        await using var other = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, other];
        var places = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Given.Warehouse()));

        var edits = Enumerable
            .Range(1, 40)
            .Select(n => nodes[n % 2].UpdateItem.ExecuteAsync(Edit(sku) with { SafetyStock = n }, default));
        var sales = Enumerable
            .Range(0, 100)
            .Select(n => nodes[n % 2].Reserve.ExecuteAsync(Some.Reserve(sku), default).AsTask());
        var receipts = places.Select((p, n) => nodes[n % 2].Edit.ExecuteAsync(Some.Add(sku, 50, p), default).AsTask());
        Task[] all = [.. edits, .. sales, .. receipts];
        await Task.WhenAll(all);

        var item = await Find(sku);
        Assert.That(item.Revision, Is.EqualTo(41));
        Assert.That(await Then.Violations(), Is.Empty);
        foreach (var place in places.Append(Given.MainWarehouse))
        {
            var stock = await Node.Stock.ExecuteAsync(Engine.Stock.StockTarget.At(sku, place), default);
            Assert.That(stock!.SafetyStock, Is.EqualTo(item.SafetyStock), "no row missed the last edit");
        }
    }

    [Test]
    public async Task Ten_edits_at_once_that_want_one_barcode_leave_it_with_one_item()
    {
        var gtin = NewGtin();
        var skus = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Given.Item()));

        var answers = await Task.WhenAll(skus.Select(sku => Update(Edit(sku) with { Barcodes = [gtin] })));

        Assert.That(answers.Count(a => a.Outcome == UpdateItemOutcome.Updated), Is.EqualTo(1));
        Assert.That(answers.Count(a => a.Outcome == UpdateItemOutcome.BarcodeTaken), Is.EqualTo(9));
    }

    private static ItemEdit Edit(string sku) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Item = sku,
        };

    private static Gtin NewGtin() => Gtin.TryParse(Some.Gtin13(), out var gtin) ? gtin : default;

    private Task<UpdateItemAnswer> Update(ItemEdit edit) => Node.UpdateItem.ExecuteAsync(edit, default);

    private async Task<Item> Find(string sku) => (await Node.Item.BySkuOrIdAsync(sku, default)).Item!;
}
