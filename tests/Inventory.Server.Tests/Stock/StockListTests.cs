using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Stock;

[Parallelizable(ParallelScope.Self)]
public sealed class StockListTests : ServerFixture
{
    private const string Main = Given.MainWarehouse;

    [Test]
    public async Task A_warehouses_stock_is_read_page_by_page()
    {
        var place = await Given.Warehouse();
        var skus = new List<string>();
        for (var n = 0; n < 3; n++)
        {
            skus.Add(await Given.Stock(onHand: n, warehouse: place));
        }

        var first = await Stock.GetInventoryByLocationAsync(new() { Warehouse = place, PageSize = 2 });
        var last = await Stock.GetInventoryByLocationAsync(
            new()
            {
                Warehouse = place,
                PageSize = 2,
                PageToken = first.NextPageToken,
            }
        );
        var one = await Stock.GetInventoryAsync(new() { Sku = skus[2], Warehouse = place });

        Assert.That(first.Stocks.Concat(last.Stocks).Select(s => s.Sku), Is.EqualTo(skus));
        Assert.That(last.Stocks.Single(), Is.EqualTo(one.Stock));
        Assert.That(last.NextPageToken, Is.Empty);
    }

    [Test]
    public async Task A_product_is_read_as_the_sum_of_its_variants_at_a_warehouse_and_at_all()
    {
        var (place, product) = (await Given.Warehouse(), $"P-{Some.Sku()}");
        string[] skus = [.. new[] { await Given.Item(), await Given.Item(), await Given.Item() }.Order()];
        foreach (var sku in skus)
        {
            await Catalog.UpdateInventoryItemAsync(
                new()
                {
                    Item = sku,
                    ProductId = product,
                    VariantId = sku,
                }
            );
        }

        await Given.Stock(onHand: 4, sku: skus[0], warehouse: place, damaged: 1);
        await Given.Stock(onHand: 2, sku: skus[1], warehouse: place, safetyStock: 5);
        await Given.Stock(onHand: 7, sku: skus[0]);

        var there = await Stock.GetInventoryAsync(new() { ProductId = product, Warehouse = place });
        var single = await Stock.GetInventoryAsync(new() { ProductId = product, Warehouse = Main });
        var overall = await Stock.GetOverallInventoryAsync(new() { ProductId = product });

        var sum = new StockLevels
        {
            OnHand = 6,
            Damaged = 1,
            SafetyStock = 5,
            Available = 3,
        };
        Assert.That(there.Stock, Is.EqualTo(new V1.Stock { Warehouse = place, Levels = sum }));
        Assert.That(there.Variants.Select(v => v.Sku), Is.EqualTo(skus[..2]));
        Assert.That((single.Stock.Sku, single.Stock.InventoryId), Is.EqualTo((skus[0], single.Stock.InventoryId)));
        Assert.That(single.Variants, Is.Empty);
        Assert.That(overall.Warehouses, Is.EquivalentTo(new[] { there.Stock, single.Stock }));
        Assert.That((overall.Totals.OnHand, overall.Totals.Available), Is.EqualTo((13, 10)));
        Assert.That(overall.Variants.Select(v => (v.Sku, v.Levels.OnHand)), Is.EqualTo(skus.Zip([11L, 2L, 0L])));
    }

    [Test]
    public async Task A_list_is_of_an_item_or_a_product_at_any_of_some_warehouses()
    {
        string[] places = [await Given.Warehouse(), await Given.Warehouse()];
        var sku = await Given.Stock(onHand: 1);
        await Given.Stock(onHand: 2, sku: sku, warehouse: places[0]);
        await Given.Stock(onHand: 3, sku: sku, warehouse: places[1]);

        var all = await Stock.ListInventoryAsync(new() { Sku = sku });
        var some = await Stock.ListInventoryAsync(new() { ProductId = sku, WarehouseId = { places } });
        var low = await Stock.ListInventoryAsync(new() { Sku = sku, LowStockOnly = true });

        Assert.That(all.Stocks.Select(s => s.Levels.OnHand), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(some.Stocks.Select(s => s.Warehouse), Is.EqualTo(places));
        Assert.That(low.Stocks, Is.Empty);
    }

    [Test]
    public async Task What_runs_low_at_a_warehouse_is_listed_with_what_to_order()
    {
        var place = await Given.Warehouse();
        var (few, many) = (await Given.Stock(3, warehouse: place), await Given.Stock(4, warehouse: place));
        foreach (var sku in new[] { few, many })
        {
            await Catalog.UpdateInventoryItemAsync(
                new()
                {
                    Item = sku,
                    ReorderPoint = 3,
                    ReorderQuantity = 30,
                }
            );
        }

        var low = await Stock.ListLowStockAsync(new() { Warehouse = place });
        var lower = await Stock.ListLowStockAsync(new() { Warehouse = place, Threshold = 2 });

        var listed = low.LowStocks.Single();
        Assert.That((listed.Stock.Sku, listed.ReorderPoint, listed.ReorderQuantity), Is.EqualTo((few, 3, 30)));
        Assert.That(lower.LowStocks, Is.Empty);
    }

    [Test]
    public async Task A_stock_of_nothing_is_taken_away_once()
    {
        var sku = await Given.Stock(onHand: 1);
        var id = (await Stock.GetInventoryAsync(new() { Sku = sku, Warehouse = Main })).Stock.InventoryId;
        var request = new DeleteInventoryRequest { RequestId = Some.RequestId(), InventoryId = id };

        var remains = await Refused(Stock.DeleteInventoryAsync(request));
        await Stock.SetInventoryAsync(new() { InventoryId = id, Quantity = 0 });
        var first = await Stock.DeleteInventoryAsync(request);
        var again = await Stock.DeleteInventoryAsync(request);
        var gone = await Refused(Stock.GetInventoryAsync(new() { InventoryId = id }));

        Assert.That((remains.Code, remains.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "STOCK_REMAINS")));
        Assert.That(remains.Info.Metadata["on_hand"], Is.EqualTo("1"));
        Assert.That((first.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That(gone.Reason, Is.EqualTo("STOCK_UNKNOWN"));
    }

    [Test]
    public async Task What_is_not_known_is_not_found_and_named()
    {
        var sku = await Given.Stock(1);
        var elsewhere = await Given.Warehouse();

        Refusal[] refusals =
        [
            await Refused(Stock.GetInventoryByLocationAsync(new() { Warehouse = "nowhere" })),
            await Refused(Stock.ListLowStockAsync(new() { Warehouse = "nowhere" })),
            await Refused(Stock.ListInventoryAsync(new() { WarehouseId = { Main, "nowhere" } })),
            await Refused(Stock.ListInventoryAsync(new() { Sku = "nothing" })),
            await Refused(Stock.ListInventoryAsync(new() { ProductId = "nothing" })),
            await Refused(Stock.GetOverallInventoryAsync(new() { ProductId = "nothing" })),
            await Refused(Stock.GetInventoryAsync(new() { ProductId = "nothing", Warehouse = Main })),
            await Refused(Stock.GetInventoryAsync(new() { ProductId = sku, Warehouse = elsewhere })),
            await Refused(Stock.DeleteInventoryAsync(new() { Sku = "nothing", Warehouse = Main })),
            await Refused(Stock.DeleteInventoryAsync(new() { Sku = sku, Warehouse = "nowhere" })),
            await Refused(Stock.DeleteInventoryAsync(new() { Sku = sku, Warehouse = elsewhere })),
        ];

        Assert.That(refusals.Select(r => r.Code), Is.All.EqualTo(StatusCode.NotFound));
        Assert.That(
            refusals.Select(r => (r.Reason, r.Detail<ResourceInfo>().ResourceName)),
            Is.EqualTo(
                new[]
                {
                    ("WAREHOUSE_UNKNOWN", "nowhere"),
                    ("WAREHOUSE_UNKNOWN", "nowhere"),
                    ("WAREHOUSE_UNKNOWN", "nowhere"),
                    ("SKU_UNKNOWN", "nothing"),
                    ("ITEM_UNKNOWN", "nothing"),
                    ("ITEM_UNKNOWN", "nothing"),
                    ("ITEM_UNKNOWN", "nothing"),
                    ("STOCK_UNKNOWN", $"{sku}@{elsewhere}"),
                    ("SKU_UNKNOWN", "nothing"),
                    ("WAREHOUSE_UNKNOWN", "nowhere"),
                    ("STOCK_UNKNOWN", $"{sku}@{elsewhere}"),
                }
            )
        );
    }

    [Test]
    public async Task Every_field_of_a_read_that_is_wrong_is_named_at_once()
    {
        var location = await Refused(Stock.GetInventoryByLocationAsync(new() { PageSize = 1_001, PageToken = "\t" }));
        var low = await Refused(Stock.ListLowStockAsync(new() { PageSize = -1, Threshold = -1 }));
        var list = await Refused(
            Stock.ListInventoryAsync(
                new()
                {
                    PageToken = "!",
                    Sku = "x",
                    ProductId = "y\0",
                    WarehouseId = { Main, "" },
                }
            )
        );
        var many = await Refused(Stock.ListInventoryAsync(new() { WarehouseId = { Enumerable.Repeat(Main, 101) } }));
        var overall = await Refused(Stock.GetOverallInventoryAsync(new()));
        var get = await Refused(Stock.GetInventoryAsync(new() { InventoryId = "stock_1", ProductId = "x" }));
        var other = await Refused(Stock.GetInventoryAsync(new() { Sku = "x", ProductId = "y" }));
        var delete = await Refused(
            Stock.DeleteInventoryAsync(
                new()
                {
                    RequestId = "é",
                    InventoryId = "1",
                    ExpectedVersion = 0,
                }
            )
        );
        var token = await Refused(Stock.ListInventoryAsync(new() { PageToken = "AAAA" }));

        Refusal[] refusals = [location, low, list, many, overall, get, other, delete, token];
        Assert.That(refusals.Select(r => r.Code), Is.All.EqualTo(StatusCode.InvalidArgument));
        Assert.That(
            refusals.Select(r => string.Join(' ', r.Fields.Select(f => f.Field))),
            Is.EqualTo(
                new[]
                {
                    "warehouse page_size page_token",
                    "warehouse page_size threshold",
                    "sku product_id warehouse_id[1]",
                    "warehouse_id",
                    "product_id",
                    "inventory_id",
                    "sku warehouse",
                    "request_id inventory_id expected_version",
                    "page_token",
                }
            )
        );
    }
}
