using Dapper;
using Inventory.Engine.Catalog;
using Inventory.Engine.Database;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Catalog;

[Parallelizable(ParallelScope.Self)]
public sealed class CreateInventoryItemTests : EngineFixture
{
    [Test]
    public async Task An_item_is_found_by_each_of_its_names_as_it_was_made()
    {
        var barcode = NewGtin();
        var item = NewItem(barcode) with { ProductId = Some.RequestId(), VariantId = "red" };

        var made = await Create(item);

        GetItemAnswer[] found =
        [
            await Node.Item.BySkuOrIdAsync(item.Sku, default),
            await Node.Item.BySkuOrIdAsync(PublicId.Item(made.Item!.ItemId), default),
            await Node.Item.ByProductAsync(item.ProductId, null, default),
            await Node.Item.ByProductAsync(item.ProductId, "red", default),
            await Node.Item.ByBarcodeAsync(barcode, default),
        ];
        Assert.That(made.Outcome, Is.EqualTo(CreateItemOutcome.Created));
        Assert.That(found.Select(f => f.Outcome), Is.All.EqualTo(GetItemOutcome.Found));
        foreach (var answer in found)
        {
            Assert.That(answer.Item, Is.EqualTo(made.Item).UsingPropertiesComparer());
        }
    }

    [Test]
    public async Task Every_field_is_kept()
    {
        var item = NewItem(NewGtin(), NewGtin()) with
        {
            Description = "twenty metres",
            Category = "garden/hoses",
            ProductId = "p",
            VariantId = "v",
            Price = new Money(10.99m, "EUR"),
            UnitCost = new Money(4.0001m, "USD"),
            BaseUnit = "ml",
            ReorderPoint = 0,
            ReorderQuantity = 12,
            SafetyStock = 3,
            Discontinued = true,
        };

        await Create(item);

        var kept = (await Node.Item.BySkuOrIdAsync(item.Sku, default)).Item!;
        Assert.That(
            (kept.Name, kept.Description, kept.Category),
            Is.EqualTo(("Hose", "twenty metres", "garden/hoses"))
        );
        Assert.That((kept.ProductId, kept.VariantId, kept.BaseUnit), Is.EqualTo(("p", "v", "ml")));
        Assert.That((kept.Price, kept.UnitCost), Is.EqualTo((item.Price, item.UnitCost)));
        Assert.That((kept.ReorderPoint, kept.ReorderQuantity, kept.SafetyStock), Is.EqualTo((0L, 12L, 3L)));
        Assert.That((kept.Discontinued, kept.Revision), Is.EqualTo((true, 1)));
        Assert.That(kept.Barcodes, Is.EqualTo(item.Barcodes.Select(b => b.ToString()).Order(StringComparer.Ordinal)));
    }

    [Test]
    public async Task A_replay_learns_the_item_as_it_was_made()
    {
        var item = NewItem(NewGtin()) with { Price = new Money(10.5m, "EUR") };
        var first = await Create(item);
        await Execute("UPDATE item SET name = 'other', revision = 2 WHERE sku = @Sku", new { item.Sku });

        var again = await Create(item with { Price = new Money(10.50m, "EUR") });

        Assert.That(again.Outcome, Is.EqualTo(CreateItemOutcome.Replayed));
        Assert.That(again.Item, Is.EqualTo(first.Item).UsingPropertiesComparer());
    }

    [Test]
    public async Task A_request_id_serves_one_item_only()
    {
        var item = NewItem();
        await Create(item);

        var answer = await Create(item with { Sku = Some.Sku() });

        Assert.That(answer.Outcome, Is.EqualTo(CreateItemOutcome.RequestIdReused));
        Assert.That(answer.Item, Is.Null);
    }

    [Test]
    public async Task A_taken_sku_and_a_taken_barcode_are_named_and_nothing_is_made()
    {
        var barcode = NewGtin();
        var item = NewItem(barcode);
        await Create(item);
        var twin = NewItem(NewGtin(), barcode);

        var sku = await Create(item with { RequestId = null });
        var code = await Create(twin);

        Assert.That(sku.Outcome, Is.EqualTo(CreateItemOutcome.SkuTaken));
        Assert.That(code.Outcome, Is.EqualTo(CreateItemOutcome.BarcodeTaken));
        Assert.That(code.TakenBarcodes, Is.EqualTo(new[] { barcode.ToString() }));
        Assert.That((await Node.Item.BySkuOrIdAsync(twin.Sku, default)).Outcome, Is.EqualTo(GetItemOutcome.NotFound));
    }

    [Test]
    public async Task Twenty_at_once_make_one_item_and_the_others_are_told_why_not()
    {
        var barcode = NewGtin();
        var item = NewItem(barcode);
        await using var other = new EngineNode(Database.Cell);

        // The same request, the same SKU under other requests, and the same barcode under other SKUs.
        var asked = Enumerable
            .Range(0, 21)
            .Select(n =>
                n % 3 == 0 ? item
                : n % 3 == 1 ? item with { RequestId = Some.RequestId() }
                : NewItem(barcode)
            );
        var answers = await Task.WhenAll(
            asked.Select((n, i) => (i % 2 == 0 ? Node : other).CreateItem.ExecuteAsync(n, default))
        );

        Assert.That(answers.Count(a => a.Outcome == CreateItemOutcome.Created), Is.EqualTo(1));
        Assert.That((await Node.Item.ByBarcodeAsync(barcode, default)).Outcome, Is.EqualTo(GetItemOutcome.Found));
    }

    [Test]
    public async Task Of_a_product_with_several_variants_one_must_be_named()
    {
        var product = Some.RequestId();
        var red = await Create(NewItem() with { ProductId = product, VariantId = "red" });
        await Create(NewItem() with { ProductId = product, VariantId = "blue" });

        var unnamed = await Node.Item.ByProductAsync(product, null, default);
        var named = await Node.Item.ByProductAsync(product, "red", default);
        var unknown = await Node.Item.ByProductAsync(product, "green", default);

        Assert.That(unnamed, Is.EqualTo(new GetItemAnswer(GetItemOutcome.SeveralVariants, null)));
        Assert.That(named.Item!.ItemId, Is.EqualTo(red.Item!.ItemId));
        Assert.That(unknown.Outcome, Is.EqualTo(GetItemOutcome.NotFound));
    }

    private static NewItem NewItem(params Gtin[] barcodes) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Sku = Some.Sku(),
            Name = "Hose",
            Barcodes = barcodes,
        };

    private static Gtin NewGtin() => Gtin.TryParse(Some.Gtin13(), out var gtin) ? gtin : default;

    private Task<CreateItemAnswer> Create(NewItem item) => Node.CreateItem.ExecuteAsync(item, default);

    private async Task Execute(string sql, object parameters)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}
