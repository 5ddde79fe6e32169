using System.Diagnostics;
using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal.Snapshots;

/// <summary>
/// Makes the snapshot of each period, and finishes those that are not finished, step by step. For a job; any number of
/// nodes may run it, and one that dies leaves its snapshot to the next.
/// </summary>
public sealed class TakeSnapshots(Cell cell)
{
    private const string DueSql = """
        -- journal.begin_snapshot
        INSERT INTO snapshot (at, period)
        SELECT c.now, c.period
        FROM (SELECT now, date_bin(@Every::interval, now, timestamptz '2000-01-01 00:00:00Z') AS period FROM clock_timestamp() AS now) c
        WHERE NOT EXISTS (SELECT FROM snapshot s WHERE s.period = c.period)
        ON CONFLICT DO NOTHING
        """;

    private const string ClaimSql = """
        -- journal.claim_snapshot
        SELECT snapshot_id, next_stock_id FROM snapshot
        WHERE finished_at IS NULL AND (@SnapshotId::bigint IS NULL OR snapshot_id = @SnapshotId::bigint)
        ORDER BY snapshot_id LIMIT 1 FOR UPDATE SKIP LOCKED
        """;

    private const string RowsSql = """
        -- journal.snapshot_rows
        SELECT stock_id, version FROM stock WHERE stock_id >= @Next ORDER BY stock_id LIMIT @Limit
        """;

    private const string AdvanceSql = """
        -- journal.advance_snapshot
        UPDATE snapshot SET next_stock_id = @Next, written = written + @Written,
            finished_at = CASE WHEN @IsLast THEN clock_timestamp() END
        WHERE snapshot_id = @SnapshotId
        """;

    /// <summary>How many stock rows a step takes, unless said otherwise.</summary>
    public const int DefaultStepSize = 1_000;

    /// <summary>
    /// Of how much of the time a sweep is at work: what nobody waits for is not to keep those who reserve from the
    /// processor.
    /// </summary>
    private const double ShareOfTime = 0.05;

    /// <summary>How many stock rows a step takes; each step is a transaction.</summary>
    public int StepSize { get; init; } = DefaultStepSize;

    /// <summary>Begins the snapshot of this period if nobody has, and makes what is not finished.</summary>
    /// <param name="every">The period, a day at most; none: only what was asked for is made.</param>
    /// <param name="cancellation">Ends it after the step; the next goes on from there.</param>
    /// <returns>How many snapshots it finished.</returns>
    /// <exception cref="NpgsqlException">The database is away; what was made so far stays.</exception>
    public async Task<int> SweepAsync(TimeSpan? every, CancellationToken cancellation)
    {
        if (every is { } period)
        {
            await using var connection = await cell.General.OpenConnectionAsync(cancellation);
            await connection.ExecuteAsync(
                new CommandDefinition(DueSql, new { Every = period }, cancellationToken: cancellation)
            );
        }

        var finished = 0;
        var began = Stopwatch.GetTimestamp();
        while (await StepAsync(null, cancellation) is { } isLast)
        {
            finished += isLast ? 1 : 0;
            await Task.Delay(Stopwatch.GetElapsedTime(began) * ((1 - ShareOfTime) / ShareOfTime), cancellation);
            began = Stopwatch.GetTimestamp();
        }

        return finished;
    }

    /// <summary>Makes one snapshot to its end, unless another node is at it.</summary>
    internal async Task FinishAsync(long snapshotId, CancellationToken cancellation)
    {
        while (await StepAsync(snapshotId, cancellation) is false)
        {
            // The next step.
        }
    }

    /// <returns>Whether that was the last of its snapshot; none if there was nothing to do.</returns>
    private async Task<bool?> StepAsync(long? snapshotId, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var claim = await connection.QuerySingleOrDefaultAsync<(long SnapshotId, long NextStockId)?>(
            new CommandDefinition(ClaimSql, new { SnapshotId = snapshotId }, cancellationToken: cancellation)
        );
        if (claim is not { } step)
        {
            return null;
        }

        var rows = (
            await connection.QueryAsync<(long StockId, long Version)>(
                new CommandDefinition(
                    RowsSql,
                    new { Next = step.NextStockId, Limit = StepSize },
                    cancellationToken: cancellation
                )
            )
        ).AsList();
        var written = await SnapshotStatement.ExecuteAsync(connection, rows, ends: true, cancellation);
        var isLast = rows.Count < StepSize;
        var advance = new
        {
            step.SnapshotId,
            Next = rows.Count == 0 ? step.NextStockId : rows[^1].StockId + 1,
            Written = written,
            IsLast = isLast,
        };
        await connection.ExecuteAsync(new CommandDefinition(AdvanceSql, advance, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
        return isLast;
    }
}
