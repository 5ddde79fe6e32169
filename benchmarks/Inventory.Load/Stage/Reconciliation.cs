using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Inventory.Load.Stage;

/// <summary>
/// After a run: do the tables hold what was answered, and agree with each other? If not, there is no figure.
/// </summary>
internal static class Reconciliation
{
    private const string WorkMemorySql = """
        -- bench.work_memory
        SET work_mem = '512MB'
        """;

    // A stock row's version is the number of its journal rows.
    private const string JournalSql = """
        -- bench.stock_against_journal
        SELECT count(*)
        FROM stock s FULL JOIN (
            SELECT stock_id, sum(coalesce(on_hand, 0)) AS on_hand, sum(coalesce(reserved, 0)) AS reserved, count(*) AS changes
            FROM journal GROUP BY stock_id) j USING (stock_id)
        WHERE (s.on_hand, s.reserved, s.version) IS DISTINCT FROM (j.on_hand::bigint, j.reserved::bigint, j.changes)
        """;

    private const string HoldsSql = """
        -- bench.stock_against_holds
        SELECT count(*)
        FROM stock s FULL JOIN (
            SELECT l.stock_id, sum(l.quantity)::bigint AS reserved
            FROM reservation r, unnest(r.stock_ids, coalesce(r.held, r.quantities)) AS l (stock_id, quantity)
            WHERE r.state = 2 GROUP BY l.stock_id) h USING (stock_id)
        WHERE s.reserved IS DISTINCT FROM coalesce(h.reserved, 0)
        """;

    // A build that is compared with may be older than holds that end in parts.
    private const string HasPartsSql = """
        -- bench.has_parts
        SELECT count(*) FROM pg_attribute WHERE attrelid = 'reservation'::regclass AND attname = 'held' AND NOT attisdropped
        """;

    private const string WholeHoldsSql = """
        -- bench.stock_against_whole_holds
        SELECT count(*)
        FROM stock s FULL JOIN (
            SELECT l.stock_id, sum(l.quantity)::bigint AS reserved
            FROM reservation r, unnest(r.stock_ids, r.quantities) AS l (stock_id, quantity)
            WHERE r.state = 2 GROUP BY l.stock_id) h USING (stock_id)
        WHERE s.reserved IS DISTINCT FROM coalesce(h.reserved, 0)
        """;

    private const string AcknowledgedTableSql = """
        -- bench.acknowledged_table
        CREATE TEMP TABLE acknowledged (reservation_id uuid NOT NULL)
        """;

    private const string AcknowledgedCopySql = """
        COPY acknowledged FROM STDIN (FORMAT binary)
        """;

    private const string AcknowledgedSql = """
        -- bench.acknowledged_against_reservations
        SELECT count(*) FILTER (WHERE r.reservation_id IS NULL) AS lost,
            count(*) FILTER (WHERE a.reservation_id IS NULL) AS unasked, count(*) AS pairs
        FROM acknowledged a FULL JOIN reservation r USING (reservation_id)
        """;

    private const string ReservationsSql = """
        -- bench.reservations
        SELECT count(*) FROM reservation
        """;

    /// <returns>What does not agree, one sentence each; none when all does.</returns>
    public static async Task<IReadOnlyList<string>> FindAsync(StageDatabase database)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(WorkMemorySql);
        var problems = new List<string>();
        if (await CountAsync(connection, JournalSql) is > 0 and var rows)
        {
            problems.Add($"{rows} stock rows are not the sum of their journal rows");
        }

        var hasParts = await CountAsync(connection, HasPartsSql) > 0;
        if (await CountAsync(connection, hasParts ? HoldsSql : WholeHoldsSql) is > 0 and var held)
        {
            problems.Add($"{held} stock rows reserve another amount than their holds");
        }

        problems.AddRange(
            database.Ledger.Counted == 0
                ? await CompareIdsAsync(connection, database.Ledger.Granted)
                : await CompareCountAsync(connection, database.Ledger.Counted)
        );
        return [.. problems.Select(problem => $"{database.Name}: {problem}")];
    }

    private static async Task<IEnumerable<string>> CompareIdsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Guid> granted
    )
    {
        await connection.ExecuteAsync(AcknowledgedTableSql);
        await using (var copy = await connection.BeginBinaryImportAsync(AcknowledgedCopySql))
        {
            foreach (var id in granted)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(id, NpgsqlDbType.Uuid);
            }

            await copy.CompleteAsync();
        }

        var (lost, unasked, pairs) = await connection.QuerySingleAsync<(long Lost, long Unasked, long Pairs)>(
            AcknowledgedSql,
            commandTimeout: 600
        );
        string[] problems =
        [
            .. lost > 0 ? [$"{lost} acknowledged reservations are not there"] : Array.Empty<string>(),
            .. unasked > 0 ? [$"{unasked} reservations are there that were never acknowledged"] : Array.Empty<string>(),
            .. pairs > granted.Count + unasked ? ["a reservation was acknowledged twice"] : Array.Empty<string>(),
        ];
        return problems;
    }

    private static async Task<IEnumerable<string>> CompareCountAsync(NpgsqlConnection connection, long expected)
    {
        var there = await CountAsync(connection, ReservationsSql);
        return there == expected ? [] : [$"{there} reservations are there, and pgbench made {expected}"];
    }

    private static Task<long> CountAsync(NpgsqlConnection connection, string sql) =>
        connection.QuerySingleAsync<long>(sql, commandTimeout: 600);
}
