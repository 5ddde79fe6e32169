using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Scans;

/// <summary>Reads a scan as it is now.</summary>
public sealed class GetScan(Cell cell)
{
    private const string Sql = """
        -- scans.get
        SELECT s.scan_id, s.received_at, s.scanned_at, s.sequence, s.quantity, s.available, s.settled_at, s.meaning::int, s.stock_state::int,
            s.state::int, s.problem::int, s.device_id, s.caller, s.identifier, s.gtin, s.tag, s.warehouse, s.to_warehouse, s.reason,
            s.reference, s.detail, s.settled_by, s.note, (SELECT i.sku FROM item i WHERE i.item_id = s.item_id) AS sku
        FROM scan s WHERE s.scan_id = @ScanId
        """;

    /// <returns>None if there is no such scan.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<KeptScan?> ExecuteAsync(Guid scanId, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await FindAsync(connection, scanId, cancellation);
    }

    internal static async Task<KeptScan?> FindAsync(
        NpgsqlConnection connection,
        Guid scanId,
        CancellationToken cancellation
    )
    {
        var command = new CommandDefinition(Sql, new { ScanId = scanId }, cancellationToken: cancellation);
        return (await connection.QuerySingleOrDefaultAsync<KeptScanRow>(command))?.ToScan();
    }
}
