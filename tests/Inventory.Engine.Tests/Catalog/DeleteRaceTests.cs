using Dapper;
using Inventory.Engine.Tests.Database;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Catalog;

/// <summary>
/// What a delete does when its judgement is older than the row: it runs alone here, as after a lock that left out rows
/// because they looked full.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed class DeleteRaceTests : EngineFixture
{
    private const string OwnersSql = """
        -- test.owners
        SELECT s.item_id, s.warehouse_id FROM stock s JOIN item i ON i.item_id = s.item_id WHERE i.sku = @sku
        """;

    private const string ReceiveSql = """
        -- test.receive
        WITH received AS (
            UPDATE stock SET on_hand = on_hand + 1, version = version + 1 WHERE item_id = @itemId RETURNING stock_id, version)
        INSERT INTO journal (at, stock_id, version, on_hand, kind, actor)
        SELECT clock_timestamp(), stock_id, version, 1, 7, 'test' FROM received
        """;

    private const string BlockedSql = """
        -- test.blocked
        SELECT cardinality(pg_blocking_pids(@pid)) > 0
        """;

    [Test]
    public async Task What_came_in_since_a_delete_was_judged_does_not_go_with_the_item_or_the_warehouse(
        [Values("catalog.delete_item", "warehouses.delete")] string name
    )
    {
        var sku = await Given.Stock(onHand: 0, warehouse: await Given.Warehouse());
        await using var session = await Database.Tables.OpenConnectionAsync();
        var (itemId, warehouseId) = await session.QuerySingleAsync<(long, int)>(OwnersSql, new { sku });
        await using var receipt = await session.BeginTransactionAsync();
        await session.ExecuteAsync(ReceiveSql, new { itemId }, receipt);

        await using var deleting = await Database.Tables.OpenConnectionAsync();
        object id = name == "catalog.delete_item" ? itemId : warehouseId;
        var deleted = DeleteAsync(deleting, name, id);
        await Eventually.TrueAsync(() => IsBlockedAsync(deleting.ProcessID));
        await receipt.CommitAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => deleted);
        Assert.That(refused!.SqlState, Is.EqualTo(PostgresErrorCodes.ForeignKeyViolation));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(1));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    private async Task<bool> IsBlockedAsync(int pid)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<bool>(BlockedSql, new { pid });
    }

    private static async Task DeleteAsync(NpgsqlConnection connection, string name, object id)
    {
        // Key, id, its other name, fingerprint, expected revision, actor, origin, trace: in the order in which the
        // statement has them.
        object[] values =
        [
            Guid.NewGuid(),
            id,
            DBNull.Value,
            1L,
            DBNull.Value,
            Some.Caller.Name,
            DBNull.Value,
            DBNull.Value,
        ];
        await using var command = new NpgsqlCommand(Statement.All.Single(s => s.Name == name).Text, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }
}
