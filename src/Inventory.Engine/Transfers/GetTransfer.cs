using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Transfers;

/// <summary>Reads a transfer as it is now.</summary>
public sealed class GetTransfer(Cell cell)
{
    private const string Sql = """
        -- transfers.get
        SELECT t.transfer_id, t.item_id, t.sku, t.from_warehouse_id, t.from_warehouse, t.to_warehouse_id, t.to_warehouse, t.state::int,
            t.quantity, t.received, t.lost, t.returned, t.version, t.caller, t.request_id, t.reason, t.created_at, t.shipped_at, t.ended_at
        FROM transfer t WHERE t.transfer_id = @TransferId
        """;

    /// <returns>None if there is no such transfer.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<Transfer?> ExecuteAsync(Guid transferId, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<StoredTransfer>(
            new CommandDefinition(Sql, new { TransferId = transferId }, cancellationToken: cancellation)
        );
        return row?.ToTransfer();
    }
}
