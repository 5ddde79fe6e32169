using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Stock;

[Parallelizable(ParallelScope.Self)]
public sealed class StockRefusalTests : ServerFixture
{
    private const string Main = Given.MainWarehouse;

    [Test]
    public async Task What_is_reserved_cannot_be_taken_away()
    {
        var sku = await Given.Stock(onHand: 5);
        await Hold(sku, quantity: 3);

        Refusal[] refusals =
        [
            await Refused(
                Stock.RemoveInventoryFromLocationAsync(
                    new()
                    {
                        Sku = sku,
                        Warehouse = Main,
                        Quantity = 3,
                    }
                )
            ),
            await Refused(
                Stock.AdjustInventoryAsync(
                    new()
                    {
                        Sku = sku,
                        Warehouse = Main,
                        Delta = -3,
                        Reason = "lost",
                    }
                )
            ),
            await Refused(
                Stock.SetInventoryAsync(
                    new()
                    {
                        Sku = sku,
                        Warehouse = Main,
                        Quantity = 2,
                    }
                )
            ),
        ];

        Assert.That(refusals.Select(r => r.Code), Is.All.EqualTo(StatusCode.FailedPrecondition));
        Assert.That(refusals.Select(r => r.Reason), Is.All.EqualTo("INSUFFICIENT_STOCK"));
        Assert.That(refusals.Select(r => r.Info.Metadata["removable"]), Is.All.EqualTo("2"));
        Assert.That(
            refusals.Select(r => r.Detail<PreconditionFailure>().Violations.Single().Subject),
            Is.All.EqualTo($"{sku}@{Main}")
        );
    }

    [Test]
    public async Task More_than_can_be_counted_is_refused()
    {
        var sku = await Given.Stock(onHand: 1);

        var refusal = await Refused(
            Stock.AddInventoryToLocationAsync(
                new()
                {
                    Sku = sku,
                    Warehouse = Main,
                    Quantity = (1L << 53) - 1,
                }
            )
        );

        Assert.That((refusal.Code, refusal.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "ON_HAND_LIMIT")));
    }

    [Test]
    public async Task Nothing_is_added_to_a_discontinued_item_or_an_inactive_warehouse()
    {
        var ended = await Given.Stock(onHand: 1, discontinued: true);
        var closed = await Given.Warehouse(active: false);
        var sku = await Given.Stock(onHand: 1, warehouse: closed);

        var item = await Refused(
            Stock.AddInventoryToLocationAsync(
                new()
                {
                    Sku = ended,
                    Warehouse = Main,
                    Quantity = 1,
                }
            )
        );
        var place = await Refused(
            Stock.AddInventoryToLocationAsync(
                new()
                {
                    Sku = sku,
                    Warehouse = closed,
                    Quantity = 1,
                }
            )
        );

        Assert.That((item.Code, item.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "ITEM_DISCONTINUED")));
        Assert.That((place.Code, place.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "WAREHOUSE_INACTIVE")));
    }

    [Test]
    public async Task What_is_not_known_is_not_found_and_named()
    {
        var (sku, nothing, nowhere) = (await Given.Stock(1), Some.Sku(), Some.WarehouseCode());
        var elsewhere = await Given.Warehouse();

        Refusal[] refusals =
        [
            await Refused(
                Stock.AddInventoryToLocationAsync(
                    new()
                    {
                        Sku = nothing,
                        Warehouse = Main,
                        Quantity = 1,
                    }
                )
            ),
            await Refused(
                Stock.AddInventoryToLocationAsync(
                    new()
                    {
                        Sku = sku,
                        Warehouse = nowhere,
                        Quantity = 1,
                    }
                )
            ),
            await Refused(
                Stock.RemoveInventoryFromLocationAsync(
                    new()
                    {
                        Sku = sku,
                        Warehouse = elsewhere,
                        Quantity = 1,
                    }
                )
            ),
            await Refused(Stock.SetInventoryAsync(new() { InventoryId = "stock_999999999", Quantity = 1 })),
            await Refused(Stock.GetInventoryAsync(new() { Sku = sku, Warehouse = elsewhere })),
        ];

        Assert.That(refusals.Select(r => r.Code), Is.All.EqualTo(StatusCode.NotFound));
        Assert.That(
            refusals.Select(r => (r.Reason, r.Resources.Single().ResourceName)),
            Is.EqualTo(
                new[]
                {
                    ("SKU_UNKNOWN", nothing),
                    ("WAREHOUSE_UNKNOWN", nowhere),
                    ("STOCK_UNKNOWN", $"{sku}@{elsewhere}"),
                    ("STOCK_UNKNOWN", "stock_999999999"),
                    ("STOCK_UNKNOWN", $"{sku}@{elsewhere}"),
                }
            )
        );
    }

    [Test]
    public async Task Every_field_that_is_wrong_is_named_at_once()
    {
        var adjust = await Refused(
            Stock.AdjustInventoryAsync(
                new()
                {
                    RequestId = "\t",
                    Delta = 0,
                    Note = new string('n', 501),
                    ExpectedVersion = 0,
                }
            )
        );
        var set = await Refused(
            Stock.SetInventoryAsync(
                new()
                {
                    InventoryId = "stock_1",
                    Sku = "x",
                    Note = "why",
                }
            )
        );
        var add = await Refused(
            Stock.AddInventoryToLocationAsync(
                new()
                {
                    Sku = "a\0",
                    Warehouse = "w",
                    Quantity = 1L << 53,
                }
            )
        );
        var get = await Refused(Stock.GetInventoryAsync(new() { InventoryId = "42" }));

        Assert.That(
            adjust.Fields.Select(f => f.Field),
            Is.EqualTo(
                new[] { "request_id", "sku", "warehouse", "delta", "reason", "note", "note", "expected_version" }
            )
        );
        Assert.That(
            set.Fields,
            Is.EqualTo(new[] { ("inventory_id", "CONFLICT"), ("quantity", "REQUIRED"), ("note", "CONFLICT") })
        );
        Assert.That(add.Fields, Is.EqualTo(new[] { ("sku", "CHARACTERS"), ("quantity", "OUT_OF_RANGE") }));
        Assert.That(get.Fields, Is.EqualTo(new[] { ("inventory_id", "FORMAT") }));
    }
}
