using Dapper;
using Inventory.Engine.Batching;
using Inventory.Engine.Reservations;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

/// <summary>What callers of one batch have to do with each other, on a lane whose statement waits for a row.</summary>
[TestFixture]
public sealed class SharedBatchTests : EngineFixture
{
    private const string WaitingSql = """
        SELECT count(*) > 0 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '-- reservations.lock%'
        """;

    private const string LockSql = """
        SELECT count(*) FROM (
            SELECT FROM stock s JOIN item i ON i.item_id = s.item_id JOIN warehouse w ON w.warehouse_id = s.warehouse_id
            WHERE i.sku = @Sku AND w.code = @Warehouse FOR NO KEY UPDATE OF s) AS locked
        """;

    [Test]
    public async Task A_request_id_that_is_many_times_in_a_batch_is_once_in_its_statement()
    {
        await using var lane = OneLane("tests.one_id");
        using var reruns = new RoundCounter("tests.one_id", "inventory.batch.reruns");
        using var poisoned = new RoundCounter("tests.one_id", "inventory.batch.poisoned");
        var sku = await Given.Stock(onHand: 10);
        var row = await LockedRow.TakeAsync(Database.Tables, sku);
        var first = lane.ExecuteAsync(Some.Reserve(sku), default).AsTask();
        await Eventually.TrueAsync(WaitsAsync);

        var order = Some.Reserve(sku);
        var asked = Enumerable.Range(0, 20).Select(_ => lane.ExecuteAsync(order, default).AsTask()).ToList();
        await row.DisposeAsync();
        var answers = await Task.WhenAll(asked);

        Assert.That((await first).Outcome, Is.EqualTo(ReserveOutcome.Held));
        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.Held), Is.EqualTo(1));
        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.Replayed), Is.EqualTo(19));
        Assert.That((reruns.Count, poisoned.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_caller_that_leaves_takes_nothing_from_its_batch_and_finds_its_own_effect()
    {
        await using var lane = OneLane("tests.leaver");
        using var reruns = new RoundCounter("tests.leaver", "inventory.batch.reruns");
        using var leaving = new CancellationTokenSource();
        string[] skus = [await Given.Stock(onHand: 5), await Given.Stock(onHand: 5)];
        var before = await LockedRow.TakeAsync(Database.Tables, skus[0]);
        var row = await LockedRow.TakeAsync(Database.Tables, skus[1]);
        var first = lane.ExecuteAsync(Some.Reserve(skus[0]), default).AsTask();
        await Eventually.TrueAsync(WaitsAsync);

        var order = Some.Reserve(skus[1]);
        var leaver = lane.ExecuteAsync(order, leaving.Token).AsTask();
        var stayer = lane.ExecuteAsync(Some.Reserve(skus[1]), default).AsTask();
        await before.DisposeAsync();
        await first;
        await Eventually.TrueAsync(WaitsAsync);
        await leaving.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => leaver);
        await row.DisposeAsync();

        Assert.That((await stayer).Outcome, Is.EqualTo(ReserveOutcome.Held));
        Assert.That((await Reserve(order)).Outcome, Is.EqualTo(ReserveOutcome.Replayed));
        Assert.That(reruns.Count, Is.Zero);
        Assert.That(await Then.Reserved(skus[1]), Is.EqualTo(2));
    }

    [Test]
    public async Task A_request_that_names_no_warehouse_waits_for_every_row_that_it_may_draw_on()
    {
        string[] warehouses = [await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2)];
        var sku = await Given.Stock(onHand: 5, warehouse: warehouses[0]);
        await Given.Stock(onHand: 5, sku: sku, warehouse: warehouses[1]);
        var far = await LockedRow.TakeAsync(Database.Tables, sku, warehouses[1]);

        var answer = Reserve(Some.Reserve(sku, quantity: 2));
        await Eventually.TrueAsync(WaitsAsync);
        var meanwhile = await Then.Reserved(sku);
        await far.DisposeAsync();

        Assert.That(meanwhile, Is.Zero);
        Assert.That((await answer).Reservation!.Allocations, Is.EqualTo([new Allocation(sku, warehouses[0], 2)]));
    }

    private ReserveInventory OneLane(string operation) =>
        new(
            Database.Cell,
            Node.Directory,
            Node.Committed,
            Node.Expire,
            Node.Get,
            Node.Grant,
            new CoalescerOptions { Operation = operation, Lanes = 1 }
        );

    private async Task<bool> WaitsAsync()
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<bool>(WaitingSql);
    }

    /// <summary>Held by somebody else until this is disposed.</summary>
    private sealed class LockedRow(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        internal static async Task<LockedRow> TakeAsync(
            NpgsqlDataSource tables,
            string sku,
            string warehouse = Given.MainWarehouse
        )
        {
            var connection = await tables.OpenConnectionAsync();
            var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync(LockSql, new { Sku = sku, Warehouse = warehouse });
            return new(connection, transaction);
        }

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
