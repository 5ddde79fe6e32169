using Npgsql;

namespace Inventory.Server.Tests.Hosting;

/// <summary>Holds the stock of a SKU, so that a reservation of it waits until this is disposed.</summary>
public sealed class LockedRow : IAsyncDisposable
{
    private const string Sql = "SELECT FROM stock WHERE item_id = (SELECT item_id FROM item WHERE sku = $1) FOR UPDATE";

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private LockedRow(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        this.connection = connection;
        this.transaction = transaction;
    }

    public static async Task<LockedRow> TakeAsync(NpgsqlDataSource tables, string sku)
    {
        var connection = await tables.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(Sql, connection, transaction);
        command.Parameters.Add(new() { Value = sku });
        await command.ExecuteNonQueryAsync();
        return new(connection, transaction);
    }

    /// <summary>Whether somebody waits for a lock in this database.</summary>
    public static async Task<bool> IsWantedAsync(NpgsqlDataSource tables)
    {
        await using var command = tables.CreateCommand(
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        );
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
