using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Alerts;

/// <summary>
/// Judges stock rows that nobody touches, a part at a time, round and round: a threshold or a reorder point has
/// changed, or they were there before anybody judged.
/// </summary>
public sealed class SweepLevels(Cell cell)
{
    private const string NextSql = """
        -- alerts.sweep_next
        SELECT s.stock_id FROM stock s WHERE s.stock_id > @After ORDER BY s.stock_id LIMIT @Limit
        """;

    private long after;

    /// <summary>How many rows a part has.</summary>
    public int PartSize { get; init; } = 2_000;

    /// <summary>Judges the next part. Safe on many nodes; one call at a time on each.</summary>
    /// <returns>Whether the round is over.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<bool> ExecuteAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var parameters = new { After = after, Limit = PartSize };
        var stockIds = (
            await connection.QueryAsync<long>(
                new CommandDefinition(NextSql, parameters, transaction, cancellationToken: cancellation)
            )
        ).AsList();
        await JudgeLevels.ExecuteAsync(connection, stockIds, cancellation);
        await transaction.CommitAsync(cancellation);
        var isOver = stockIds.Count < PartSize;
        after = isOver ? 0 : stockIds[^1];
        return isOver;
    }
}
