using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Ends the waiting of reservations without stock: they are cancelled, fail, or have waited long enough.
/// </summary>
public sealed class EndWaiting(Cell cell, CommittedLevels committed)
{
    private const int SweepSizeMax = 500;

    private const string DueSql = """
        -- reservations.find_waited
        SELECT DISTINCT reservation_id FROM (
            SELECT w.reservation_id FROM waiter w WHERE w.until <= (SELECT clock_timestamp()) ORDER BY w.until LIMIT @Limit) due
        """;

    // Documents, stock, then what is still there to end. Whose time is over has expired, whatever was asked.
    private const string Sql = """
        -- reservations.end_waiting_lock_documents
        SELECT count(*) FROM (
            SELECT FROM reservation WHERE reservation_id = ANY (@Ids) ORDER BY reservation_id FOR NO KEY UPDATE) AS locked;
        -- reservations.end_waiting_lock_stock
        SELECT count(*) FROM (
            SELECT FROM stock
            WHERE stock_id = ANY (ARRAY(SELECT w.stock_id FROM waiter w WHERE w.reservation_id = ANY (@Ids)))
            ORDER BY stock_id FOR NO KEY UPDATE) AS locked;
        -- reservations.end_waiting
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        line AS MATERIALIZED (
            SELECT w.reservation_id, w.stock_id, w.place, w.quantity, w.until <= (SELECT now FROM clock) AS over,
                row_number() OVER (PARTITION BY w.stock_id ORDER BY w.place) AS nth
            FROM waiter w
            WHERE w.reservation_id = ANY (@Ids) AND (@Target::smallint <> 7 OR w.until <= (SELECT now FROM clock))),
        moved AS (
            UPDATE stock s SET waiting = s.waiting - t.quantity, version = s.version + t.changes
            FROM (SELECT stock_id, sum(quantity)::bigint AS quantity, count(*) AS changes FROM line GROUP BY stock_id) t
            WHERE s.stock_id = t.stock_id AND s.stock_id = ANY (ARRAY(SELECT stock_id FROM line))
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.available, s.version, t.changes),
        ended AS (
            UPDATE reservation r
            SET state = CASE WHEN e.over THEN 7 ELSE @Target::smallint END, ended_at = (SELECT now FROM clock), version = r.version + 1
            FROM (SELECT reservation_id, bool_or(over) AS over FROM line GROUP BY reservation_id) e
            WHERE r.reservation_id = e.reservation_id AND r.reservation_id = ANY (@Ids)),
        gone AS (
            DELETE FROM waiter w WHERE w.reservation_id = ANY (ARRAY(SELECT reservation_id FROM line))),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, waiting, kind, actor)
            SELECT (SELECT now FROM clock), l.stock_id, m.version - m.changes + l.nth, l.reservation_id, -l.quantity, 52, @Actor
            FROM line l JOIN moved m ON m.stock_id = l.stock_id ORDER BY l.stock_id, l.nth)
        SELECT (SELECT count(DISTINCT reservation_id)::int FROM line) AS count, array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids,
            array_agg(warehouse_id) AS warehouse_ids, array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved,
            array_agg(available) AS available, array_agg(version) AS versions
        FROM moved
        """;

    /// <summary>Ends those that have waited long enough. To be run again and again, on any node.</summary>
    /// <returns>How many it ended.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        for (var ended = 0; ; )
        {
            Guid[] due;
            await using (var connection = await cell.General.OpenConnectionAsync(cancellation))
            {
                var command = new CommandDefinition(
                    DueSql,
                    new { Limit = SweepSizeMax },
                    cancellationToken: cancellation
                );
                due = [.. await connection.QueryAsync<Guid>(command)];
            }

            if (due.Length == 0)
            {
                return ended;
            }

            ended += await EndAsync(due, ReservationState.Expired, "expiry", cancellation);
        }
    }

    /// <summary>Cancels or fails one, if it still waits; expires it if its time is over.</summary>
    /// <returns>Whether it waited.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal async Task<bool> ExecuteAsync(EndRequest request, CancellationToken cancellation) =>
        await EndAsync([request.ReservationId], request.Target, request.Actor, cancellation) > 0;

    private async Task<int> EndAsync(Guid[] ids, ReservationState target, string actor, CancellationToken cancellation)
    {
        var parameters = new
        {
            Ids = ids,
            Target = (short)target,
            Actor = actor,
        };
        var row = await RacedInsert.RunAsync(cell, RunAsync, cancellation);
        committed.Publish(row.Levels());
        return row.Count;

        async Task<Ended> RunAsync(NpgsqlConnection connection)
        {
            await using var results = await connection.QueryMultipleAsync(
                new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
            );
            await results.ReadSingleAsync<long>();
            await results.ReadSingleAsync<long>();
            return await results.ReadSingleAsync<Ended>();
        }
    }

    private sealed class Ended : ChangedLevels
    {
        public int Count { get; init; }
    }
}
