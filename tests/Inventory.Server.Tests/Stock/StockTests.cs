using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Stock;

[Parallelizable(ParallelScope.Self)]
public sealed class StockTests : ServerFixture
{
    private const string Main = Given.MainWarehouse;

    [Test]
    public async Task Goods_that_arrive_at_a_new_place_begin_a_stock_row_there()
    {
        var (sku, place) = (await Given.Item(safetyStock: 2), await Given.Warehouse());

        var added = await Stock.AddInventoryToLocationAsync(
            new()
            {
                Sku = sku,
                Warehouse = place,
                Quantity = 10,
            }
        );

        Assert.That(added.Stock.InventoryId, Does.StartWith("stock_"));
        Assert.That((added.Stock.Sku, added.Stock.Warehouse), Is.EqualTo((sku, place)));
        Assert.That(
            added.Stock.Levels,
            Is.EqualTo(
                new StockLevels
                {
                    OnHand = 10,
                    SafetyStock = 2,
                    Available = 8,
                }
            )
        );
        Assert.That(added.RequestId, Has.Length.EqualTo(32));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task Each_edit_changes_on_hand_and_raises_the_version()
    {
        var sku = await Given.Stock(onHand: 10);

        var added = await Stock.AddInventoryToLocationAsync(
            new()
            {
                Sku = sku,
                Warehouse = Main,
                Quantity = 5,
            }
        );
        var removed = await Stock.RemoveInventoryFromLocationAsync(
            new()
            {
                Sku = sku,
                Warehouse = Main,
                Quantity = 3,
            }
        );
        var lost = await Stock.AdjustInventoryAsync(
            new()
            {
                Sku = sku,
                Warehouse = Main,
                Delta = -2,
                Reason = "lost",
            }
        );
        var set = await Stock.SetInventoryAsync(new() { InventoryId = lost.Stock.InventoryId, Quantity = 4 });

        V1.Stock[] stocks = [added.Stock, removed.Stock, lost.Stock, set.Stock];
        Assert.That(stocks.Select(s => s.Levels.OnHand), Is.EqualTo(new[] { 15, 12, 10, 4 }));
        Assert.That(stocks.Select(s => s.Version), Is.Ordered.And.Unique);
        Assert.That(
            (await Stock.GetInventoryAsync(new() { Sku = sku, Warehouse = Main })).Stock,
            Is.EqualTo(set.Stock)
        );
    }

    [Test]
    public async Task A_replay_of_an_edit_has_no_second_effect_and_learns_its_answer()
    {
        var sku = await Given.Stock(onHand: 10);
        var request = new AddInventoryToLocationRequest
        {
            RequestId = Some.RequestId(),
            Sku = sku,
            Warehouse = Main,
            Quantity = 5,
        };

        var first = await Stock.AddInventoryToLocationAsync(request);
        await Stock.SetInventoryAsync(
            new()
            {
                Sku = sku,
                Warehouse = Main,
                Quantity = 1,
            }
        );
        var again = await Stock.AddInventoryToLocationAsync(request);
        request.Quantity = 6;
        var other = await Refused(Stock.AddInventoryToLocationAsync(request));

        Assert.That((first.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That(again.Stock, Is.EqualTo(first.Stock));
        Assert.That((other.Code, other.Reason), Is.EqualTo((StatusCode.AlreadyExists, "REQUEST_ID_REUSED")));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task A_stale_version_is_aborted_with_the_current_one_and_a_sale_makes_none_stale()
    {
        var sku = await Given.Stock(onHand: 10);
        var read = (await Stock.GetInventoryAsync(new() { Sku = sku, Warehouse = Main })).Stock;
        await Hold(sku);
        var request = new SetInventoryRequest
        {
            Sku = sku,
            Warehouse = Main,
            Quantity = 20,
            ExpectedVersion = read.Version,
        };

        var set = await Stock.SetInventoryAsync(request);
        var refusal = await Refused(Stock.SetInventoryAsync(request));

        Assert.That(set.Stock.Levels.OnHand, Is.EqualTo(20));
        Assert.That((refusal.Code, refusal.Reason), Is.EqualTo((StatusCode.Aborted, "VERSION_CONFLICT")));
        Assert.That(refusal.Info.Metadata["current_version"], Is.EqualTo($"{set.Stock.Version}"));
    }

    [Test]
    public async Task Ids_serve_where_SKU_and_code_do()
    {
        var item = (await Catalog.CreateInventoryItemAsync(new() { Sku = Some.Sku(), Name = "Hose" })).Item;
        var place = (
            await Warehouses.CreateWarehouseAsync(new() { Code = Some.WarehouseCode(), Name = "North" })
        ).Warehouse;

        var added = await Stock.AddInventoryToLocationAsync(
            new()
            {
                Sku = item.ItemId,
                Warehouse = place.WarehouseId,
                Quantity = 1,
            }
        );
        var held = await Reservations.ReserveInventoryAsync(Order(item.ItemId, warehouse: place.WarehouseId));

        Assert.That((added.Stock.Sku, added.Stock.Warehouse), Is.EqualTo((item.Sku, place.Code)));
        Assert.That(held.Reservation.Lines.Single().Sku, Is.EqualTo(item.Sku));
    }
}
