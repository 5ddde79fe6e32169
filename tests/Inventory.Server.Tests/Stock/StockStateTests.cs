using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Stock;

[Parallelizable(ParallelScope.Self)]
public sealed class StockStateTests : ServerFixture
{
    private const string Main = Given.MainWarehouse;

    [Test]
    public async Task Broken_goods_are_moved_and_written_off()
    {
        var sku = await Given.Stock(onHand: 10);
        var request = Move(sku, StockState.Available, StockState.Damaged, 3);

        var moved = await Stock.MoveInventoryStateAsync(request);
        var again = await Stock.MoveInventoryStateAsync(request);
        var gone = await Stock.RemoveInventoryFromLocationAsync(
            new()
            {
                Sku = sku,
                Warehouse = Main,
                Quantity = 3,
                State = StockState.Damaged,
            }
        );

        Assert.That(
            moved.Stock.Levels,
            Is.EqualTo(
                new StockLevels
                {
                    OnHand = 10,
                    Damaged = 3,
                    Available = 7,
                }
            )
        );
        Assert.That((again.Replayed, again.RequestId), Is.EqualTo((true, request.RequestId)));
        Assert.That(again.Stock, Is.EqualTo(moved.Stock));
        Assert.That(gone.Stock.Levels, Is.EqualTo(new StockLevels { OnHand = 7, Available = 7 }));
    }

    [Test]
    public async Task Goods_that_arrive_for_quality_control_cannot_be_held()
    {
        var sku = await Given.Item();
        var product = $"P-{sku}";
        await Catalog.UpdateInventoryItemAsync(new() { Item = sku, ProductId = product });
        var place = await Given.Warehouse();

        var added = await Stock.AddInventoryToLocationAsync(
            new()
            {
                ProductId = product,
                WarehouseId = place,
                Quantity = 4,
                State = StockState.QualityControl,
            }
        );
        var refused = await Refused(Reservations.ReserveInventoryAsync(Order(sku)));

        Assert.That((added.Stock.Sku, added.Stock.Warehouse), Is.EqualTo((sku, place)));
        Assert.That(added.Stock.Levels, Is.EqualTo(new StockLevels { OnHand = 4, QualityControl = 4 }));
        Assert.That(refused.Reason, Is.EqualTo("INSUFFICIENT_STOCK"));
    }

    [Test]
    public async Task More_than_is_in_a_state_is_refused_with_the_numbers()
    {
        var sku = await Given.Stock(onHand: 10, damaged: 1, qualityControl: 2);
        await Hold(sku, quantity: 4);

        var available = await Refused(
            Stock.MoveInventoryStateAsync(Move(sku, StockState.Available, StockState.Damaged, 4))
        );
        var damaged = await Refused(
            Stock.MoveInventoryStateAsync(Move(sku, StockState.Damaged, StockState.Available, 2))
        );
        var stale = Move(sku, StockState.Available, StockState.Damaged, 1);
        stale.ExpectedVersion = 9;
        var conflict = await Refused(Stock.MoveInventoryStateAsync(stale));

        Assert.That(available.Code, Is.EqualTo(StatusCode.FailedPrecondition));
        Assert.That(available.Reason, Is.EqualTo("INSUFFICIENT_STOCK"));
        Assert.That(
            available.Info.Metadata.OrderBy(m => m.Key).Select(m => (m.Key, m.Value)),
            Is.EqualTo(
                new[]
                {
                    ("damaged", "1"),
                    ("on_hand", "10"),
                    ("quality_control", "2"),
                    ("removable", "3"),
                    ("reserved", "4"),
                }
            )
        );
        Assert.That(damaged.Info.Metadata["removable"], Is.EqualTo("1"));
        Assert.That((conflict.Code, conflict.Info.Metadata["current_version"]), Is.EqualTo((StatusCode.Aborted, "1")));
    }

    [Test]
    public async Task Every_field_that_is_wrong_is_named_at_once()
    {
        var move = await Refused(
            Stock.MoveInventoryStateAsync(
                new()
                {
                    RequestId = "\t",
                    From = (StockState)9,
                    Quantity = -1,
                    Note = "why",
                    ExpectedVersion = 0,
                }
            )
        );
        var same = await Refused(Stock.MoveInventoryStateAsync(Move("x", StockState.Damaged, StockState.Damaged, 1)));
        var add = await Refused(
            Stock.AddInventoryToLocationAsync(
                new()
                {
                    Sku = "x",
                    ProductId = "y",
                    Quantity = 1,
                    State = (StockState)9,
                }
            )
        );
        var several = await Refused(
            Stock.AddInventoryToLocationAsync(
                new()
                {
                    ProductId = await Variants(),
                    Warehouse = Main,
                    Quantity = 1,
                }
            )
        );

        Assert.That(
            move.Fields.Select(f => f.Field),
            Is.EqualTo(new[] { "request_id", "sku", "warehouse", "from", "to", "quantity", "note", "expected_version" })
        );
        Assert.That(same.Fields, Is.EqualTo(new[] { ("to", "CONFLICT") }));
        Assert.That(
            add.Fields,
            Is.EqualTo(new[] { ("sku", "CONFLICT"), ("warehouse", "REQUIRED"), ("state", "UNKNOWN_VALUE") })
        );
        Assert.That(several.Fields, Is.EqualTo(new[] { ("product_id", "CONFLICT") }));
    }

    private async Task<string> Variants()
    {
        var product = $"P-{Some.Sku()}";
        foreach (var variant in new[] { "s", "m" })
        {
            await Catalog.UpdateInventoryItemAsync(
                new()
                {
                    Item = await Given.Item(),
                    ProductId = product,
                    VariantId = variant,
                }
            );
        }

        return product;
    }

    private static MoveInventoryStateRequest Move(string sku, StockState from, StockState to, long quantity) =>
        new()
        {
            RequestId = Some.RequestId(),
            Sku = sku,
            Warehouse = Main,
            From = from,
            To = to,
            Quantity = quantity,
        };
}
