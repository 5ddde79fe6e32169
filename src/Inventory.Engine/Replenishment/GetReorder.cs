using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Replenishment;

/// <summary>Reads a reorder as it is now.</summary>
public sealed class GetReorder(Cell cell)
{
    private const string Sql = """
        -- replenishment.get
        SELECT r.reorder_id, r.item_id, r.sku, r.warehouse_id, r.warehouse, r.state::int, r.quantity, r.received, r.position, r.reorder_point,
            r.lead_time_days, r.automatic, r.source, r.version, r.created_at, r.approved_at, r.approved_by, r.expected_at, r.ended_at,
            r.ended_by, r.reason
        FROM reorder r WHERE r.reorder_id = @ReorderId
        """;

    /// <returns>None if there is no such reorder.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<Reorder?> ExecuteAsync(Guid reorderId, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<StoredReorder>(
            new CommandDefinition(Sql, new { ReorderId = reorderId }, cancellationToken: cancellation)
        );
        return row?.ToReorder();
    }
}
