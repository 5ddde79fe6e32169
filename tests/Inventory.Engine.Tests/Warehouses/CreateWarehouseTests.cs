using Inventory.Engine.Database;
using Inventory.Engine.Warehouses;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Warehouses;

[Parallelizable(ParallelScope.Self)]
public sealed class CreateWarehouseTests : EngineFixture
{
    [Test]
    public async Task A_warehouse_is_found_by_code_and_id_with_every_field()
    {
        var asked = NewWarehouse() with
        {
            Type = WarehouseType.Store,
            Priority = 7,
            Active = false,
            Location = new WarehouseLocation
            {
                Address = "Am Markt 1",
                City = "Bremen",
                Region = "HB",
                PostalCode = "28195",
                CountryCode = "DE",
                Latitude = 53.0758,
                Longitude = 8.8072,
            },
        };

        var made = await Create(asked);

        Assert.That(made.Outcome, Is.EqualTo(CreateWarehouseOutcome.Created));
        Assert.That(
            (made.Warehouse!.Type, made.Warehouse.Priority, made.Warehouse.Active, made.Warehouse.Location),
            Is.EqualTo((asked.Type, asked.Priority, asked.Active, asked.Location))
        );
        Assert.That(await Node.Warehouse.ExecuteAsync(asked.Code, default), Is.EqualTo(made.Warehouse));
        Assert.That(
            await Node.Warehouse.ExecuteAsync(PublicId.Warehouse(made.Warehouse.WarehouseId), default),
            Is.EqualTo(made.Warehouse)
        );
        Assert.That(await Node.Warehouse.ExecuteAsync("nowhere", default), Is.Null);
    }

    [Test]
    public async Task The_directory_knows_a_new_warehouse_at_once()
    {
        var asked = NewWarehouse();

        await Create(asked);

        Assert.That(Node.Directory.Warehouses.Find(asked.Code), Is.Not.Null);
    }

    [Test]
    public async Task A_replay_learns_the_same_answer_and_other_content_is_refused()
    {
        var asked = NewWarehouse();
        var first = await Create(asked);

        var again = await Create(asked);
        var other = await Create(asked with { Priority = 1 });
        var taken = await Create(asked with { RequestId = Some.RequestId() });

        Assert.That(again, Is.EqualTo(first with { Outcome = CreateWarehouseOutcome.Replayed }));
        Assert.That(other, Is.EqualTo(new CreateWarehouseAnswer(CreateWarehouseOutcome.RequestIdReused, null)));
        Assert.That(taken, Is.EqualTo(new CreateWarehouseAnswer(CreateWarehouseOutcome.CodeTaken, null)));
    }

    [Test]
    public async Task One_request_from_ten_callers_makes_one_warehouse()
    {
        var asked = NewWarehouse();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Create(asked)));

        Assert.That(answers.Count(a => a.Outcome == CreateWarehouseOutcome.Created), Is.EqualTo(1));
        Assert.That(answers.Select(a => a.Warehouse).Distinct(), Has.Exactly(1).Items);
    }

    [Test]
    public async Task A_request_id_of_a_stock_edit_is_not_free_for_a_warehouse()
    {
        var sku = await Given.Stock(onHand: 1);
        var edit = Some.Add(sku);
        await Edit(edit);

        var answer = await Create(NewWarehouse() with { RequestId = edit.RequestId });

        Assert.That(answer.Outcome, Is.EqualTo(CreateWarehouseOutcome.RequestIdReused));
    }

    private static NewWarehouse NewWarehouse() =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Code = Some.WarehouseCode(),
            Name = "Bremen",
        };

    private Task<CreateWarehouseAnswer> Create(NewWarehouse warehouse) =>
        Node.CreateWarehouse.ExecuteAsync(warehouse, default);
}
