using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Catalog;

/// <summary>Bad input to edits, ends and lists of items: every violation at once, and nothing written.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ItemRulesTests : ServerFixture
{
    [Test]
    public async Task Every_field_of_an_edit_that_is_wrong_is_named_at_once_and_nothing_is_written()
    {
        var sku = await Given.Item();
        var refusal = await Refused(
            Catalog.UpdateInventoryItemAsync(
                new()
                {
                    RequestId = new string('r', 65),
                    Item = sku,
                    ExpectedVersion = -1,
                    UpdateMask = new FieldMask { Paths = { "sku", "name", "price.amount" } },
                    Name = "",
                    Description = new string('d', 2_001),
                    Category = new string('c', 201),
                    ProductId = "p\0",
                    VariantId = new string('v', 65),
                    Price = new Money { Amount = "1e3", Currency = "eur" },
                    UnitCost = new Money { Amount = "-1", Currency = "EUR" },
                    Barcodes = { "4006381333932" },
                    ReorderPoint = -1,
                    ReorderQuantity = 0,
                    SafetyStock = 1L << 53,
                    Status = ItemStatus.LowStock,
                }
            )
        );

        string[] fields =
        [
            "request_id",
            "expected_version",
            "update_mask.paths[0]",
            "update_mask.paths[2]",
            "name",
            "description",
            "category",
            "product_id",
            "variant_id",
            "price.amount",
            "price.currency",
            "unit_cost.amount",
            "barcodes[0]",
            "reorder_point",
            "reorder_quantity",
            "safety_stock",
            "status",
        ];
        Assert.That(refusal.Code, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(refusal.Fields.Select(f => f.Field), Is.EqualTo(fields));
        Assert.That(refusal.Fields.Last().Reason, Is.EqualTo("CONFLICT"));
        var item = (await Catalog.GetInventoryItemAsync(new() { Item = sku })).Item;
        Assert.That((item.Version, item.Name), Is.EqualTo((1L, sku)));
    }

    [Test]
    public async Task An_edit_of_nothing_and_a_variant_of_nothing_are_refused()
    {
        var sku = await Given.Item();

        var nothing = await Refused(Catalog.UpdateInventoryItemAsync(new()));
        var variant = await Refused(Catalog.UpdateInventoryItemAsync(new() { Item = sku, VariantId = "red" }));
        var status = await Refused(Catalog.UpdateInventoryItemAsync(new() { Item = sku, Status = (ItemStatus)9 }));

        Assert.That(nothing.Fields, Is.EqualTo(new[] { ("item", "REQUIRED"), ("update_mask", "REQUIRED") }));
        Assert.That(variant.Fields, Is.EqualTo(new[] { ("variant_id", "CONFLICT") }));
        Assert.That(status.Fields, Is.EqualTo(new[] { ("status", "UNKNOWN_VALUE") }));
        Assert.That((await Catalog.GetInventoryItemAsync(new() { Item = sku })).Item.Version, Is.EqualTo(1));
    }

    [Test]
    public async Task Every_opening_quantity_that_is_wrong_is_named_at_once_and_nothing_is_made()
    {
        var (sku, code) = (Some.Sku(), await Given.Warehouse());
        var id = (await Warehouses.GetWarehouseAsync(new() { Warehouse = code })).Warehouse.WarehouseId;
        var wrong = new CreateInventoryItemRequest
        {
            Sku = sku,
            Name = "Hose",
            Status = ItemStatus.Discontinued,
            Openings =
            {
                new OpeningQuantity { Quantity = 1 },
                new OpeningQuantity { Warehouse = code, Quantity = -1 },
                new OpeningQuantity { Warehouse = code, Quantity = 1L << 53 },
            },
        };
        var twice = new CreateInventoryItemRequest
        {
            Sku = sku,
            Name = "Hose",
            Openings =
            {
                new OpeningQuantity { Warehouse = code, Quantity = 1 },
                new OpeningQuantity { Warehouse = id, Quantity = 1 },
            },
        };
        var many = new CreateInventoryItemRequest(twice) { Openings = { Enumerable.Repeat(twice.Openings[0], 101) } };

        Refusal[] refusals =
        [
            await Refused(Catalog.CreateInventoryItemAsync(wrong)),
            await Refused(Catalog.CreateInventoryItemAsync(twice)),
            await Refused(Catalog.CreateInventoryItemAsync(many)),
        ];

        Assert.That(
            refusals[0].Fields,
            Is.EqualTo(
                new[]
                {
                    ("openings", "CONFLICT"),
                    ("openings[0].warehouse", "REQUIRED"),
                    ("openings[1].quantity", "OUT_OF_RANGE"),
                    ("openings[2].warehouse", "CONFLICT"),
                    ("openings[2].quantity", "OUT_OF_RANGE"),
                }
            )
        );
        Assert.That(refusals[1].Fields, Is.EqualTo(new[] { ("openings", "CONFLICT") }));
        Assert.That(refusals[2].Fields, Is.EqualTo(new[] { ("openings", "OUT_OF_RANGE") }));
        Assert.That(
            (await Refused(Catalog.GetInventoryItemAsync(new() { Item = sku }))).Code,
            Is.EqualTo(StatusCode.NotFound)
        );
    }

    [Test]
    public async Task Every_field_of_an_end_and_of_a_list_that_is_wrong_is_named_at_once()
    {
        var delete = await Refused(
            Catalog.DeleteInventoryItemAsync(
                new()
                {
                    RequestId = "é",
                    Item = new string('i', 65),
                    ExpectedVersion = 0,
                }
            )
        );
        var list = await Refused(
            Catalog.ListInventoryItemsAsync(
                new()
                {
                    PageSize = 1_001,
                    PageToken = "\n",
                    Category = new string('c', 201),
                    Status = (ItemStatus)9,
                    Prefix = "\0",
                    ProductId = new string('p', 65),
                    OrderBy = "price",
                }
            )
        );
        var malformed = await Refused(Catalog.ListInventoryItemsAsync(new() { PageToken = "AAAA" }));

        Assert.That(
            delete.Fields,
            Is.EqualTo(
                new[] { ("request_id", "CHARACTERS"), ("item", "TOO_LONG"), ("expected_version", "OUT_OF_RANGE") }
            )
        );
        Assert.That(
            list.Fields.Select(f => f.Field),
            Is.EqualTo(new[] { "page_size", "page_token", "category", "status", "prefix", "product_id", "order_by" })
        );
        Assert.That(malformed.Fields, Is.EqualTo(new[] { ("page_token", "FORMAT") }));
    }

    [Test]
    public async Task What_is_not_there_is_neither_edited_nor_deleted()
    {
        foreach (var name in new[] { Some.Sku(), "item_999999999" })
        {
            Refusal[] refusals =
            [
                await Refused(Catalog.UpdateInventoryItemAsync(new() { Item = name, SafetyStock = 1 })),
                await Refused(Catalog.DeleteInventoryItemAsync(new() { Item = name })),
            ];
            Assert.That(
                refusals.Select(r => (r.Code, r.Reason)),
                Is.All.EqualTo((StatusCode.NotFound, "ITEM_UNKNOWN"))
            );
            Assert.That(refusals.Select(r => r.Resources.Single().ResourceName), Is.All.EqualTo(name));
        }
    }
}
