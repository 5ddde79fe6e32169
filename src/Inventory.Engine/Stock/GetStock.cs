using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Stock;

/// <summary>Reads one stock row as it is now.</summary>
public sealed class GetStock(Cell cell, StockDirectory directory)
{
    private const string Sql = """
        -- stock.get
        SELECT s.stock_id, s.on_hand, s.reserved, s.damaged, s.quality_control, s.in_transit, s.safety_stock, s.waiting, s.version, s.revision
        FROM stock s WHERE s.stock_id = @StockId
        """;

    /// <summary>Reads by the row's id, or by item and warehouse.</summary>
    /// <returns>None if there is no such row.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<StockRecord?> ExecuteAsync(StockTarget target, CancellationToken cancellation)
    {
        var found = await ResolvedTarget.FindAsync(target, cell, directory, cancellation);
        var row = await ReadAsync(found.StockId, cancellation);
        if (row is null && target.StockId is null && found.StockId is not null)
        {
            // The row that was remembered is gone; another may have begun since.
            found = await found.ReadAgainAsync(directory, cancellation);
            row = await ReadAsync(found.StockId, cancellation);
        }

        if (row is null)
        {
            return null;
        }

        var owners = await directory.DescribeAsync([row.StockId], cancellation);
        return row.ToRecord(owners[row.StockId]);
    }

    private async Task<StockAmounts?> ReadAsync(long? stockId, CancellationToken cancellation)
    {
        if (stockId is null)
        {
            return null;
        }

        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<StockAmounts>(
            new CommandDefinition(Sql, new { StockId = stockId }, cancellationToken: cancellation)
        );
    }
}
