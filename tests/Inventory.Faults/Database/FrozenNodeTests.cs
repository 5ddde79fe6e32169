using Inventory.Faults.Histories;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Faults.Database;

/// <summary>A node falls silent while the database works for it.</summary>
[TestFixture]
public sealed class FrozenNodeTests
{
    private const string LockSql = "SELECT count(*) FROM (SELECT FROM stock FOR NO KEY UPDATE) AS locked";

    private const string WaitingSql = """
        SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
        """;

    [TestCase("reservations.reserve")]
    [TestCase("reservations.end")]
    public async Task A_batch_commits_without_a_word_from_the_node_that_sent_it(string operation)
    {
        await using var cell = await ProxiedCell.StartAsync();
        var sku = await cell.Given.Stock(onHand: 5);
        var held = (Granted)await cell.Proxied.AskAsync(cell.Proxied.Order(sku));
        Ask ask = operation == "reservations.end" ? Confirm(held) : cell.Proxied.Order(sku);

        // The batch waits for the row when its node falls silent.
        var transaction = await LockAsync(cell.Database.Tables);
        var asking = cell.Proxied.AskAsync(ask);
        await Eventually.TrueAsync(() => IsWaitedForAsync(cell.Database.Tables));
        cell.Proxy.Freeze();
        await transaction.Connection!.DisposeAsync();

        var reserved = operation == "reservations.end" ? 0 : 2;
        await Eventually.TrueAsync(async () => await cell.Then.Reserved(sku) == reserved);
        Assert.That(await cell.Direct.AskAsync(cell.Direct.Order(sku)), Is.InstanceOf<Granted>());
        cell.Proxy.Thaw();
        await asking;
        await cell.AssertPromisesAsync();
    }

    private static EndAsk Confirm(Granted held) => new(held.ReservationId, ReservationEnd.Confirmed);

    private static async Task<NpgsqlTransaction> LockAsync(NpgsqlDataSource tables)
    {
        var connection = await tables.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(LockSql, connection, transaction);
        await command.ExecuteNonQueryAsync();
        return transaction;
    }

    private static async Task<bool> IsWaitedForAsync(NpgsqlDataSource tables)
    {
        await using var command = tables.CreateCommand(WaitingSql);
        return (bool)(await command.ExecuteScalarAsync())!;
    }
}
