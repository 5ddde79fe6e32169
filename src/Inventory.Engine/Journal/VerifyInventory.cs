using System.Diagnostics;
using System.Runtime.CompilerServices;
using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>
/// Recomputes every stock row from the holds and from the journal, and every reservation's state from its own row and
/// the journal, all in one snapshot. It reads everything and changes nothing. PostgreSQL adds up, a range of stock rows
/// at a time; only what is wrong is sent.
/// </summary>
public sealed class VerifyInventory(Cell cell)
{
    // Held lines stand in their reservations and not by stock row: they are summed and sorted once, and read along with
    // the ranges.
    private const string BeginSql = """
        -- journal.verify_begin
        DECLARE verify_held NO SCROLL CURSOR FOR
        SELECT l.stock_id, sum(l.quantity)::bigint AS quantity
        FROM (
            SELECT unnest(r.stock_ids) AS stock_id, unnest(coalesce(r.held, r.quantities)) AS quantity
            FROM reservation r WHERE r.state = 2) l
        GROUP BY l.stock_id ORDER BY l.stock_id;
        -- journal.verify_size
        SELECT statement_timestamp() AS as_of, coalesce((SELECT max(stock_id) FROM stock), 0) AS last,
            greatest((SELECT reltuples FROM pg_class WHERE oid = 'stock'::regclass), 0)::bigint AS estimate
        """;

    private const string HeldSql = """
        -- journal.verify_held
        FETCH FORWARD 20000 FROM verify_held
        """;

    private int running;

    /// <summary>How many stock ids a statement covers, unless said otherwise.</summary>
    public const int DefaultRangeSize = 25_000;

    /// <summary>How many stock ids a statement covers. After each, progress is told.</summary>
    public int RangeSize { get; init; } = DefaultRangeSize;

    /// <summary>Verifies everything.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>
    /// Violations as they are found, progress in between, and a <see cref="VerifyResult"/> last; or only <see
    /// cref="VerifyBusy"/>.
    /// </returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async IAsyncEnumerable<VerifyStep> ExecuteAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref running, 1) == 1)
        {
            yield return new VerifyBusy();
            yield break;
        }

        try
        {
            await foreach (var step in VerifyAsync(cancellation))
            {
                yield return step;
            }
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    private async IAsyncEnumerable<VerifyStep> VerifyAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead,
            cancellation
        );
        var size = await connection.QuerySingleAsync<(DateTime AsOf, long Last, long Estimate)>(
            Command(BeginSql, null, cancellation)
        );
        var held = new HeldLines(() => connection.QueryAsync<HeldLine>(Command(HeldSql, null, cancellation)));
        long rows = 0;
        long violations = 0;
        for (long first = 1; first < long.MaxValue; )
        {
            // Behind the last stock row there can only be lines and changes that have none.
            var beyond = first > size.Last ? long.MaxValue : first + RangeSize;
            var lines = await held.BelowAsync(beyond);
            var range = await VerifyStockRange.ExecuteAsync(connection, first, beyond, lines, cancellation);
            first = beyond;
            foreach (var violation in range.Violations)
            {
                violations++;
                yield return violation;
            }

            rows += range.StockRows;
            yield return new VerifyProgress(rows, Math.Max(rows, size.Estimate));
        }

        await foreach (var violation in VerifyReservations.ExecuteAsync(connection, cancellation))
        {
            violations++;
            yield return violation;
        }

        yield return new VerifyResult(rows, violations, size.AsOf, Stopwatch.GetElapsedTime(started));
    }

    // A range of a long journal, or the sum of all holds, may take longer than an ordinary statement.
    internal static CommandDefinition Command(string sql, object? parameters, CancellationToken cancellation) =>
        new(sql, parameters, commandTimeout: 600, cancellationToken: cancellation);
}
