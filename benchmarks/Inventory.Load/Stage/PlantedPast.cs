using System.Diagnostics;
using Dapper;

namespace Inventory.Load.Stage;

/// <summary>A long journal, written by set-based SQL, and what PostgreSQL says of how it is read.</summary>
internal sealed class PlantedPast(StageDatabase database)
{
    private const int Batch = 500_000;

    // One change after the other of all stock rows in turn, over ten days that end now. Each adds one, but few: these
    // take one. Nothing is reserved.
    private const string JournalSql = """
        -- bench.past_journal
        INSERT INTO journal (at, stock_id, version, on_hand, kind, actor, reason)
        SELECT now() - interval '10 days' + n * (interval '10 days' / @Rows::double precision), 1 + n % k.rows, 2 + n / k.rows,
            CASE WHEN n % 5003 = 0 THEN -1 ELSE 1 END, CASE WHEN n % 5003 = 0 THEN 8 ELSE 7 END, 'clerk-' || n % 1009, 'bench'
        FROM generate_series(@First::bigint, @Last::bigint) n, (SELECT count(*) AS rows FROM stock) k ORDER BY n
        """;

    private const string StockSql = """
        -- bench.past_stock
        UPDATE stock s SET on_hand = j.on_hand, version = j.version
        FROM (SELECT stock_id, sum(on_hand) AS on_hand, max(version) AS version FROM journal GROUP BY stock_id) j
        WHERE j.stock_id = s.stock_id
        """;

    // The seed's own rows are written before the past that is put before them.
    private const string SeedSql = """
        -- bench.past_seed
        UPDATE journal SET at = now() - interval '11 days' WHERE version = 1
        """;

    private const string VacuumSql = """
        -- bench.past_vacuum
        VACUUM (ANALYZE)
        """;

    private const string SpanSql = """
        -- bench.past_span
        SELECT min(at) AS first, max(at) AS last FROM journal WHERE version > 1
        """;

    private const string FollowedSql = """
        -- bench.past_followed
        SELECT coalesce((SELECT split_part(cursor, ';', 3)::bigint FROM journal_follower WHERE name = 'history'), 0)
            >= (SELECT max(position) FROM journal)
        """;

    // By rows, not by scans: a partition that is empty yet is read so, and costs nothing.
    private const string ScansSql = """
        -- bench.past_scans
        SELECT coalesce(sum(seq_tup_read), 0)::bigint FROM pg_stat_user_tables WHERE relname LIKE 'journal\_2%' OR relname = 'journal_default'
        """;

    private long scansBefore;

    /// <returns>The times of the first row and of the last.</returns>
    public async Task<(DateTime First, DateTime Last)> PlantAsync(int rows)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(SeedSql, commandTimeout: 600);
        for (var first = 0; first < rows; first += Batch)
        {
            var last = Math.Min(rows, first + Batch) - 1;
            var parameters = new
            {
                Rows = rows,
                First = first,
                Last = last,
            };
            await connection.ExecuteAsync(JournalSql, parameters, commandTimeout: 1_200);
        }

        await connection.ExecuteAsync(StockSql, commandTimeout: 1_200);
        await connection.ExecuteAsync(VacuumSql, commandTimeout: 1_200);
        return await connection.QuerySingleAsync<(DateTime First, DateTime Last)>(SpanSql, commandTimeout: 600);
    }

    /// <summary>Waits until the server that has just begun has followed all of it.</summary>
    public async Task<TimeSpan> FollowedAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await using var connection = await database.Tables.OpenConnectionAsync();
        while (!await connection.QuerySingleAsync<bool>(FollowedSql))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }

        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>What has read the journal so far does not count.</summary>
    public async Task ForgetScansAsync()
    {
        // A session brings its statistics in once a second, when it is idle.
        await Task.Delay(TimeSpan.FromSeconds(2));
        scansBefore = await ReadScansAsync();
    }

    /// <summary>How many rows of the journal were read by scans of whole partitions since.</summary>
    public async Task<long> ScansAsync() => await ReadScansAsync() - scansBefore;

    private async Task<long> ReadScansAsync()
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>(ScansSql);
    }
}
