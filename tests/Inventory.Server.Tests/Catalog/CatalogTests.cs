using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Catalog;

[Parallelizable(ParallelScope.Self)]
public sealed class CatalogTests : ServerFixture
{
    [Test]
    public async Task An_item_is_made_with_all_that_is_said_of_it()
    {
        var gtin = Some.Gtin13();
        var request = new CreateInventoryItemRequest
        {
            RequestId = Some.RequestId(),
            Sku = Some.Sku(),
            Name = "Hose, 10 m",
            Description = "Rubber; „Qualität“",
            Category = "garden/hoses",
            ProductId = Some.RequestId(),
            VariantId = "10m",
            Price = new Money { Amount = "10.5", Currency = "EUR" },
            UnitCost = new Money { Amount = "123456789012345.6789", Currency = "EUR" },
            Barcodes = { gtin },
            ReorderPoint = 0,
            ReorderQuantity = 20,
            SafetyStock = 3,
        };

        var made = await Catalog.CreateInventoryItemAsync(request);

        var item = made.Item;
        Assert.Multiple(() =>
        {
            Assert.That((made.Replayed, made.RequestId), Is.EqualTo((false, request.RequestId)));
            Assert.That(item.ItemId, Does.StartWith("item_"));
            Assert.That(
                (item.Sku, item.Name, item.Description),
                Is.EqualTo((request.Sku, request.Name, request.Description))
            );
            Assert.That(
                (item.Category, item.ProductId, item.VariantId),
                Is.EqualTo(("garden/hoses", request.ProductId, "10m"))
            );
            Assert.That((item.Price.Amount, item.Price.Currency), Is.EqualTo(("10.50", "EUR")));
            Assert.That(item.UnitCost.Amount, Is.EqualTo("123456789012345.6789"));
            Assert.That(item.Barcodes, Is.EqualTo(new[] { $"0{gtin}" }));
            Assert.That((item.BaseUnit, item.Status, item.Version), Is.EqualTo(("each", ItemStatus.OutOfStock, 1L)));
            Assert.That((item.HasReorderPoint, item.ReorderPoint, item.ReorderQuantity), Is.EqualTo((true, 0L, 20L)));
            Assert.That(item.SafetyStock, Is.EqualTo(3));
            Assert.That(item.CreateTime, Is.EqualTo(item.UpdateTime).And.Not.Null);
        });
        Assert.That((await Catalog.GetInventoryItemAsync(new() { Item = request.Sku })).Item, Is.EqualTo(item));
    }

    [Test]
    public async Task An_item_is_found_by_any_of_its_names()
    {
        var (gtin, product) = (Some.Gtin13(), Some.RequestId());
        var item = (
            await Catalog.CreateInventoryItemAsync(
                new()
                {
                    Sku = Some.Sku(),
                    Name = "Hose",
                    ProductId = product,
                    VariantId = "a",
                    Barcodes = { gtin },
                }
            )
        ).Item;
        GetInventoryItemRequest[] names =
        [
            new() { Item = item.ItemId },
            new() { Item = item.Sku },
            new() { ProductId = product },
            new() { ProductId = product, VariantId = "a" },
            new() { ProductId = item.Sku },
            new() { ProductId = item.ItemId },
            new() { Barcode = gtin },
            new() { Barcode = $"0{gtin}" },
        ];

        var found = await Task.WhenAll(names.Select(n => Catalog.GetInventoryItemAsync(n).ResponseAsync));

        Assert.That(found.Select(f => f.Item), Is.All.EqualTo(item));
    }

    [Test]
    public async Task A_product_of_several_variants_asks_which()
    {
        var product = Some.RequestId();
        foreach (var variant in new[] { "a", "b" })
        {
            await Catalog.CreateInventoryItemAsync(
                new()
                {
                    Sku = Some.Sku(),
                    Name = variant,
                    ProductId = product,
                    VariantId = variant,
                }
            );
        }

        var refusal = await Refused(Catalog.GetInventoryItemAsync(new() { ProductId = product }));
        var b = await Catalog.GetInventoryItemAsync(new() { ProductId = product, VariantId = "b" });

        Assert.That(refusal.Fields, Is.EqualTo(new[] { ("variant_id", "REQUIRED") }));
        Assert.That(b.Item.Name, Is.EqualTo("b"));
    }

    [Test]
    public async Task A_replay_makes_no_second_item_and_other_content_is_refused()
    {
        var request = new CreateInventoryItemRequest
        {
            RequestId = Some.RequestId(),
            Sku = Some.Sku(),
            Name = "Hose",
        };

        var first = await Catalog.CreateInventoryItemAsync(request);
        var again = await Catalog.CreateInventoryItemAsync(request);
        request.Name = "Rake";
        var other = await Refused(Catalog.CreateInventoryItemAsync(request));

        Assert.That((first.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That(again.Item, Is.EqualTo(first.Item));
        Assert.That((other.Code, other.Reason), Is.EqualTo((StatusCode.AlreadyExists, "REQUEST_ID_REUSED")));
    }

    [Test]
    public async Task A_SKU_and_a_barcode_are_of_one_item_only()
    {
        var (sku, gtin) = (Some.Sku(), Some.Gtin13());
        await Catalog.CreateInventoryItemAsync(
            new()
            {
                Sku = sku,
                Name = "Hose",
                Barcodes = { gtin },
            }
        );

        var sameSku = await Refused(Catalog.CreateInventoryItemAsync(new() { Sku = sku, Name = "Rake" }));
        var sameGtin = await Refused(
            Catalog.CreateInventoryItemAsync(
                new()
                {
                    Sku = Some.Sku(),
                    Name = "Rake",
                    Barcodes = { gtin },
                }
            )
        );

        Assert.That((sameSku.Code, sameSku.Reason), Is.EqualTo((StatusCode.AlreadyExists, "SKU_TAKEN")));
        Assert.That(sameSku.Resources.Single().ResourceName, Is.EqualTo(sku));
        Assert.That((sameGtin.Code, sameGtin.Reason), Is.EqualTo((StatusCode.AlreadyExists, "BARCODE_TAKEN")));
        Assert.That(sameGtin.Resources.Single().ResourceName, Is.EqualTo($"0{gtin}"));
    }

    [Test]
    public async Task What_is_not_there_is_not_found()
    {
        GetInventoryItemRequest[] names =
        [
            new() { Item = Some.Sku() },
            new() { Item = "item_999999999" },
            new() { ProductId = Some.RequestId() },
            new() { Barcode = Some.Gtin13() },
        ];

        foreach (var name in names)
        {
            var refusal = await Refused(Catalog.GetInventoryItemAsync(name));
            Assert.That((refusal.Code, refusal.Reason), Is.EqualTo((StatusCode.NotFound, "ITEM_UNKNOWN")));
            Assert.That(refusal.Resources.Single().ResourceType, Is.EqualTo("item"));
        }
    }

    [Test]
    public async Task Every_field_that_is_wrong_is_named_at_once()
    {
        var refusal = await Refused(
            Catalog.CreateInventoryItemAsync(
                new()
                {
                    Sku = "item_7",
                    Description = new string('d', 2_001),
                    VariantId = "of nothing",
                    Price = new Money { Amount = "1e3", Currency = "eur" },
                    UnitCost = new Money { Amount = "-1" },
                    Barcodes = { "4006381333931", "4006381333932", "12" },
                    BaseUnit = "seventeen letters",
                    ReorderPoint = -1,
                    ReorderQuantity = 0,
                    SafetyStock = -1,
                    Status = (ItemStatus)9,
                }
            )
        );

        Assert.That(refusal.Code, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(
            refusal.Fields,
            Is.EqualTo(
                new[]
                {
                    ("sku", "FORMAT"),
                    ("name", "REQUIRED"),
                    ("description", "TOO_LONG"),
                    ("variant_id", "CONFLICT"),
                    ("price.amount", "FORMAT"),
                    ("price.currency", "FORMAT"),
                    ("unit_cost.amount", "FORMAT"),
                    ("unit_cost.currency", "REQUIRED"),
                    ("barcodes[1]", "FORMAT"),
                    ("barcodes[2]", "FORMAT"),
                    ("base_unit", "TOO_LONG"),
                    ("reorder_point", "OUT_OF_RANGE"),
                    ("reorder_quantity", "OUT_OF_RANGE"),
                    ("safety_stock", "OUT_OF_RANGE"),
                    ("status", "UNKNOWN_VALUE"),
                }
            )
        );
    }

    [Test]
    public async Task A_look_for_nothing_is_refused()
    {
        var none = await Refused(Catalog.GetInventoryItemAsync(new()));
        var gtin = await Refused(Catalog.GetInventoryItemAsync(new() { Barcode = "4006381333932" }));

        Assert.That(none.Fields, Is.EqualTo(new[] { ("by", "REQUIRED") }));
        Assert.That(gtin.Fields, Is.EqualTo(new[] { ("barcode", "FORMAT") }));
    }

    [Test]
    public async Task A_discontinued_item_can_be_made_and_is_not_sold()
    {
        var item = (
            await Catalog.CreateInventoryItemAsync(
                new()
                {
                    Sku = Some.Sku(),
                    Name = "Relic",
                    Status = ItemStatus.Discontinued,
                }
            )
        ).Item;

        var refusal = await Refused(
            Stock.AddInventoryToLocationAsync(
                new()
                {
                    Sku = item.Sku,
                    Warehouse = await Given.Warehouse(),
                    Quantity = 1,
                }
            )
        );

        Assert.That(item.Status, Is.EqualTo(ItemStatus.Discontinued));
        Assert.That(refusal.Reason, Is.EqualTo("ITEM_DISCONTINUED"));
    }
}
