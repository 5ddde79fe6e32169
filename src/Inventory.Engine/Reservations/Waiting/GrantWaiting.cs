using System.Diagnostics;
using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Grants reservations that wait, first come first served at each stock row, on any number of nodes. Whoever makes more
/// available only rings; a node's own commits ring here, those of others are found by the job that asks each second.
/// </summary>
public sealed class GrantWaiting : IAsyncDisposable
{
    private const int PassSizeMax = 200;

    // A waiter's claim at a row is all that those before it are to get there, and its own. Claims of those who still
    // wait for something else count too: nobody overtakes, and what is left beside them is free for those behind.
    private const string FindSql = """
        -- reservations.find_grants
        WITH queue AS MATERIALIZED (
            SELECT w.reservation_id, w.stock_id, w.place, w.until,
                sum(w.quantity) OVER (PARTITION BY w.stock_id ORDER BY w.place) AS claim
            FROM waiter w),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.available + s.waiting AS free FROM stock s JOIN warehouse h ON h.warehouse_id = s.warehouse_id
            WHERE s.stock_id = ANY (ARRAY(SELECT DISTINCT stock_id FROM queue)) AND NOT s.discontinued AND h.active)
        SELECT EXISTS (SELECT FROM queue) AS anyone, ARRAY(
            SELECT q.reservation_id FROM queue q LEFT JOIN shelf s ON s.stock_id = q.stock_id
            GROUP BY q.reservation_id
            HAVING bool_and(coalesce(q.claim <= s.free, false)) AND min(q.until) > (SELECT clock_timestamp())
            ORDER BY min(q.place) LIMIT @Limit) AS ids
        """;

    // Documents by id, stock by id, then what a fresh snapshot shows with all of it locked. Nobody joins or leaves the
    // queue of a row that is locked.
    private const string Sql = """
        -- reservations.grant_lock_documents
        SELECT count(*) FROM (
            SELECT FROM reservation WHERE reservation_id = ANY (@Ids) ORDER BY reservation_id FOR NO KEY UPDATE) AS locked;
        -- reservations.grant_lock_stock
        SELECT count(*) FROM (
            SELECT FROM stock
            WHERE stock_id = ANY (ARRAY(SELECT w.stock_id FROM waiter w WHERE w.reservation_id = ANY (@Ids)))
            ORDER BY stock_id FOR NO KEY UPDATE) AS locked;
        -- reservations.grant
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, CASE WHEN s.discontinued OR NOT h.active THEN 0 ELSE s.available + s.waiting END AS free
            FROM stock s JOIN warehouse h ON h.warehouse_id = s.warehouse_id
            WHERE s.stock_id = ANY (ARRAY(SELECT w.stock_id FROM waiter w WHERE w.reservation_id = ANY (@Ids)))),
        queue AS MATERIALIZED (
            SELECT w.reservation_id, w.stock_id, w.place, w.quantity, w.hold_ms, w.until,
                sum(w.quantity) OVER (PARTITION BY w.stock_id ORDER BY w.place) AS claim
            FROM waiter w WHERE w.stock_id = ANY (ARRAY(SELECT stock_id FROM shelf))),
        served AS MATERIALIZED (
            SELECT q.reservation_id, min(q.hold_ms) AS hold_ms FROM queue q JOIN shelf s ON s.stock_id = q.stock_id
            WHERE q.reservation_id = ANY (@Ids)
            GROUP BY q.reservation_id HAVING bool_and(q.claim <= s.free) AND min(q.until) > (SELECT now FROM clock)),
        line AS MATERIALIZED (
            SELECT q.reservation_id, q.stock_id, q.place, q.quantity,
                row_number() OVER (PARTITION BY q.stock_id ORDER BY q.place) AS nth
            FROM queue q JOIN served g ON g.reservation_id = q.reservation_id),
        moved AS (
            UPDATE stock s SET reserved = s.reserved + t.quantity, waiting = s.waiting - t.quantity, version = s.version + t.changes
            FROM (SELECT stock_id, sum(quantity)::bigint AS quantity, count(*) AS changes FROM line GROUP BY stock_id) t
            WHERE s.stock_id = t.stock_id AND s.stock_id = ANY (ARRAY(SELECT stock_id FROM line))
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.available, s.version, t.changes),
        held AS (
            UPDATE reservation r
            SET state = 2, expires_at = (SELECT now FROM clock) + g.hold_ms * interval '1 millisecond', version = r.version + 1
            FROM served g WHERE r.reservation_id = g.reservation_id AND r.reservation_id = ANY (@Ids)),
        gone AS (
            DELETE FROM waiter w WHERE w.reservation_id = ANY (ARRAY(SELECT reservation_id FROM served))),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, reserved, waiting, kind, actor)
            SELECT (SELECT now FROM clock), l.stock_id, m.version - m.changes + l.nth, l.reservation_id, l.quantity, -l.quantity, 51, 'waiting'
            FROM line l JOIN moved m ON m.stock_id = l.stock_id ORDER BY l.stock_id, l.nth)
        SELECT (SELECT count(*)::int FROM served) AS count, array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids,
            array_agg(warehouse_id) AS warehouse_ids, array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved,
            array_agg(available) AS available, array_agg(version) AS versions
        FROM moved
        """;

    private static readonly TimeSpan RestMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan RestAfterError = TimeSpan.FromSeconds(1);

    private readonly Cell cell;
    private readonly CommittedLevels committed;
    private readonly SemaphoreSlim bell = new(0, 1);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private volatile bool anyone = true;
    private int rung;

    /// <summary>Listens to this node's commits.</summary>
    public GrantWaiting(Cell cell, CommittedLevels committed)
    {
        this.cell = cell;
        this.committed = committed;
        committed.Committed += Heard;
        running = Task.Run(RunAsync);
    }

    /// <summary>Grants all that can be granted now.</summary>
    /// <returns>How many were.</returns>
    /// <exception cref="NpgsqlException">The database is away; the next pass finds what this one left.</exception>
    public async Task<int> PassAsync(CancellationToken cancellation)
    {
        for (var granted = 0; ; )
        {
            // Before the look: who comes after it rings again.
            anyone = true;
            var found = await FindAsync(cancellation);
            anyone = found.Anyone;
            if (found.Ids.Length == 0)
            {
                return granted;
            }

            var count = await GrantAsync(found.Ids, cancellation);
            granted += count;
            if (count == 0)
            {
                // Somebody else was here, or something has changed: whatever it was, it rings.
                return granted;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        committed.Committed -= Heard;
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    /// <summary>Somebody has begun to wait, or something may have become free.</summary>
    internal void Ring()
    {
        anyone = true;
        if (Interlocked.Exchange(ref rung, 1) == 0)
        {
            bell.Release();
        }
    }

    private void Heard(IReadOnlyList<StockLevel> levels)
    {
        if (anyone)
        {
            Ring();
        }
    }

    private async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await bell.WaitAsync(stopping.Token);
                Interlocked.Exchange(ref rung, 0);
                var began = Stopwatch.GetTimestamp();
                await PassAsync(stopping.Token);
                // A long queue is looked through for a fifth of the time at most.
                var rest = 4 * Stopwatch.GetElapsedTime(began);
                await Task.Delay(rest > RestMin ? rest : RestMin, stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // Whatever it is, the job that asks each second meets it too, and tells.
                await Task.Delay(RestAfterError, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<Found> FindAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<Found>(
            new CommandDefinition(FindSql, new { Limit = PassSizeMax }, cancellationToken: cancellation)
        );
    }

    private async Task<int> GrantAsync(Guid[] ids, CancellationToken cancellation)
    {
        var row = await RacedInsert.RunAsync(cell, RunAsync, cancellation);
        committed.Publish(row.Levels());
        return row.Count;

        async Task<Granted> RunAsync(NpgsqlConnection connection)
        {
            await using var results = await connection.QueryMultipleAsync(
                new CommandDefinition(Sql, new { Ids = ids }, cancellationToken: cancellation)
            );
            await results.ReadSingleAsync<long>();
            await results.ReadSingleAsync<long>();
            return await results.ReadSingleAsync<Granted>();
        }
    }

    private sealed class Found
    {
        public bool Anyone { get; init; }

        public Guid[] Ids { get; init; } = [];
    }

    private sealed class Granted : ChangedLevels
    {
        public int Count { get; init; }
    }
}
