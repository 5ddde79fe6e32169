using Dapper;
using Inventory.Engine.Reservations;
using Inventory.Engine.Warehouses;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Warehouses;

[Parallelizable(ParallelScope.Self)]
public sealed class UpdateWarehouseTests : EngineFixture
{
    [Test]
    public async Task What_is_given_is_set_and_what_is_not_stays()
    {
        var code = await Given.Warehouse(priority: 5);
        var place = new WarehouseLocation
        {
            City = "Bremen",
            Latitude = 53.1,
            Longitude = 8.8,
        };

        var placed = await Update(Edit(code) with { Location = place });
        var named = await Update(Edit(code) with { Name = "North", Type = WarehouseType.Store });
        var cleared = await Update(Edit(code) with { Location = new(), Priority = 0, Active = false });

        Assert.That(placed.Outcome, Is.EqualTo(UpdateWarehouseOutcome.Updated));
        Assert.That((placed.Warehouse!.Location, placed.Warehouse.Priority), Is.EqualTo((place, 5)));
        Assert.That(named.Warehouse!.Location, Is.EqualTo(place));
        Assert.That((named.Warehouse.Name, named.Warehouse.Type), Is.EqualTo(("North", WarehouseType.Store)));
        var now = cleared.Warehouse!;
        Assert.That((now.Name, now.Location), Is.EqualTo(("North", new WarehouseLocation())));
        Assert.That((now.Priority, now.Active, now.Revision), Is.EqualTo((0, false, 4)));
        Assert.That(await Node.Warehouse.ExecuteAsync(code, default), Is.EqualTo(now));
    }

    [Test]
    public async Task A_replay_learns_the_warehouse_as_it_was_then_and_other_content_is_refused()
    {
        var code = await Given.Warehouse();
        var edit = Edit(code) with { Name = "First", ExpectedRevision = 1 };
        var first = await Update(edit);
        await Update(Edit(code) with { Name = "Second" });

        var again = await Update(edit);
        var other = await Update(edit with { Name = "Third" });
        var gone = await Update(edit with { Warehouse = Some.WarehouseCode() });

        Assert.That(again, Is.EqualTo(first with { Outcome = UpdateWarehouseOutcome.Replayed }));
        Assert.That(other.Outcome, Is.EqualTo(UpdateWarehouseOutcome.RequestIdReused));
        Assert.That(gone.Outcome, Is.EqualTo(UpdateWarehouseOutcome.RequestIdReused));
        Assert.That((await Node.Warehouse.ExecuteAsync(code, default))!.Name, Is.EqualTo("Second"));
    }

    [Test]
    public async Task Of_six_edits_from_one_version_that_wait_for_one_row_one_is_made()
    {
        var code = await Given.Warehouse();
        await using var other = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, other];
        await using var connection = await Database.Tables.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("SELECT FROM warehouse WHERE code = @Code FOR UPDATE", new { Code = code });

        var edits = Enumerable
            .Range(0, 6)
            .Select(n => Edit(code) with { Name = $"{n}", ExpectedRevision = 1 })
            .Select((edit, n) => nodes[n % 2].UpdateWarehouse.ExecuteAsync(edit, default))
            .ToArray();
        await Eventually.TrueAsync(async () => await Waiting() >= edits.Length);
        await transaction.RollbackAsync();
        var answers = await Task.WhenAll(edits);

        Assert.That(answers.Count(a => a.Outcome == UpdateWarehouseOutcome.Updated), Is.EqualTo(1));
        Assert.That(
            answers.Where(a => a.Outcome != UpdateWarehouseOutcome.Updated),
            Is.All.EqualTo(new UpdateWarehouseAnswer(UpdateWarehouseOutcome.VersionConflict, null, 2))
        );
    }

    [Test]
    public async Task One_request_from_ten_callers_on_two_servers_is_made_once()
    {
        var code = await Given.Warehouse();
        await using var other = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, other];
        var edit = Edit(code) with { Priority = 3 };

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(n => nodes[n % 2].UpdateWarehouse.ExecuteAsync(edit, default))
        );

        Assert.That(answers.Count(a => a.Outcome == UpdateWarehouseOutcome.Updated), Is.EqualTo(1));
        Assert.That(answers.Select(a => a.Warehouse).Distinct(), Has.Exactly(1).Items);
        Assert.That(answers[0].Warehouse!.Revision, Is.EqualTo(2));
    }

    [Test]
    public async Task Closed_by_another_server_it_serves_no_hold_from_the_commit_on()
    {
        var code = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 10, warehouse: code);
        var held = await Hold(sku, 2);
        await using var other = new EngineNode(Database.Cell);

        // This node has just read the list of warehouses, and thinks that it is open.
        await other.UpdateWarehouse.ExecuteAsync(Edit(code) with { Active = false }, default);
        var named = await Reserve(Some.Reserve(sku, 1, code));
        var anywhere = await Reserve(Some.Reserve(sku, 1));
        var confirmed = await Confirm(held.ReservationId);

        Assert.That(named.Outcome, Is.EqualTo(ReserveOutcome.WarehouseInactive));
        Assert.That(anywhere.Outcome, Is.EqualTo(ReserveOutcome.WarehouseInactive));
        Assert.That(confirmed.Outcome, Is.EqualTo(EndOutcome.Ended));
        Assert.That(await Then.Reserved(sku), Is.Zero);
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task Opened_again_it_serves_at_once_on_every_server()
    {
        var code = await Given.Warehouse(active: false);
        var sku = await Given.Stock(onHand: 10, warehouse: code);
        var refused = await Reserve(Some.Reserve(sku));
        await using var other = new EngineNode(Database.Cell);

        await other.UpdateWarehouse.ExecuteAsync(Edit(code) with { Active = true }, default);
        var held = await Reserve(Some.Reserve(sku));

        Assert.That(refused.Reservation, Is.Null);
        Assert.That(held.Outcome, Is.EqualTo(ReserveOutcome.Held));
    }

    private static WarehouseEdit Edit(string code) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Warehouse = code,
        };

    private Task<UpdateWarehouseAnswer> Update(WarehouseEdit edit) => Node.UpdateWarehouse.ExecuteAsync(edit, default);

    /// <summary>How many edits of warehouses wait for a lock.</summary>
    private async Task<long> Waiting()
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%warehouses.update%'
            """
        );
    }
}
