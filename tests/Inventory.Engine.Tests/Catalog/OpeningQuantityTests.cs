using Inventory.Engine.Catalog;
using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using Inventory.Engine.Tests.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Catalog;

[Parallelizable(ParallelScope.Self)]
public sealed class OpeningQuantityTests : EngineFixture
{
    [Test]
    public async Task An_item_begins_with_stock_and_a_journal_row_at_each_warehouse()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var item = NewItem(new(near, 5), new(far, 2)) with { SafetyStock = 3, ReorderPoint = 2 };

        var made = await Create(item);
        var held = await Reserve(Some.Reserve(item.Sku, 2));
        var again = await Create(item);

        Assert.That(made.Outcome, Is.EqualTo(CreateItemOutcome.Created));
        Assert.That((made.Item!.Available, made.Item.Status), Is.EqualTo((2, ItemStatus.LowStock)));
        Assert.That(held.Reservation!.Allocations, Is.EqualTo(new[] { new Allocation(item.Sku, near, 2) }));
        Assert.That(again.Outcome, Is.EqualTo(CreateItemOutcome.Replayed));
        Assert.That(again.Item, Is.EqualTo(made.Item).UsingPropertiesComparer());
        Assert.That(await Then.OnHand(item.Sku), Is.EqualTo(7));
        var journal = await JournalEntry.OfAsync(Database, item.Sku);
        Assert.That(
            journal.Where(j => j.Kind == JournalKind.Opened).Select(j => (j.OnHand, j.SafetyStock)),
            Is.EquivalentTo(new (long?, long?)[] { (5, 3), (2, 3) })
        );
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_warehouse_that_is_unknown_closed_or_named_twice_leaves_nothing_of_the_item()
    {
        var open = await Given.Warehouse();
        var shut = await Given.Warehouse(active: false);
        var id = PublicId.Warehouse((await Node.Warehouse.ExecuteAsync(open, default))!.WarehouseId);
        var nowhere = Some.WarehouseCode();
        NewItem[] items =
        [
            NewItem(new(open, 1), new(nowhere, 1), new(shut, 1)),
            NewItem(new(open, 1), new(shut, 1)),
            NewItem(new(open, 1), new(id, 1)),
        ];

        var answers = await Task.WhenAll(items.Select(Create));

        Assert.That(
            answers.Select(a => (a.Outcome, a.Warehouses!.Single())),
            Is.EqualTo(
                new[]
                {
                    (CreateItemOutcome.WarehouseUnknown, nowhere),
                    (CreateItemOutcome.WarehouseInactive, shut),
                    (CreateItemOutcome.WarehouseRepeated, id),
                }
            )
        );
        foreach (var item in items)
        {
            Assert.That((await Node.Item.BySkuOrIdAsync(item.Sku, default)).Item, Is.Null);
        }
    }

    [Test]
    public async Task A_replay_is_found_when_the_warehouse_is_gone()
    {
        var code = await Given.Warehouse();
        var item = NewItem(new OpeningQuantity(code, 1));
        var made = await Create(item);
        await Edit(Some.Remove(item.Sku, 1, code));
        await Node.DeleteWarehouse.ExecuteAsync(new(Some.Caller, Some.RequestId(), code), default);

        var again = await Create(item);
        var other = await Create(item with { Openings = [new(code, 2)] });

        Assert.That(again.Outcome, Is.EqualTo(CreateItemOutcome.Replayed));
        Assert.That(again.Item, Is.EqualTo(made.Item).UsingPropertiesComparer());
        Assert.That(other.Outcome, Is.EqualTo(CreateItemOutcome.RequestIdReused));
    }

    [Test]
    public async Task An_opening_and_the_end_of_its_warehouse_at_once_one_wins_whole()
    {
        await using var other = new EngineNode(Database.Cell);
        for (var round = 0; round < 20; round++)
        {
            var code = await Given.Warehouse();
            await Node.Directory.RefreshWarehousesAsync(default);
            var item = NewItem(new OpeningQuantity(code, 1));

            var create = Create(item);
            var end = other.DeleteWarehouse.ExecuteAsync(new(Some.Caller, Some.RequestId(), code), default);
            var (made, ended) = (await create, await end);

            Assert.That(
                (made.Outcome, ended.Outcome),
                Is.AnyOf(
                    (CreateItemOutcome.Created, Engine.Warehouses.DeleteWarehouseOutcome.StockRemains),
                    (CreateItemOutcome.WarehouseUnknown, Engine.Warehouses.DeleteWarehouseOutcome.Deleted)
                )
            );
        }
    }

    private static NewItem NewItem(params OpeningQuantity[] openings) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Sku = Some.Sku(),
            Name = "Hose",
            Openings = openings,
        };

    private Task<CreateItemAnswer> Create(NewItem item) => Node.CreateItem.ExecuteAsync(item, default);
}
