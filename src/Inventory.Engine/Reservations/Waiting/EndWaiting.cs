using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations.Waiting;

/// <summary>
/// Ends the waiting of reservations without stock: they are cancelled, fail, or have waited long enough.
/// </summary>
public sealed class EndWaiting(Cell cell, CommittedLevels committed)
{
    private const int SweepSizeMax = 500;

    private const string DueSql = """
        -- reservations.find_waited
        SELECT DISTINCT reservation_id FROM (
            SELECT l.reservation_id FROM waiting_line l WHERE l.until <= (SELECT clock_timestamp()) ORDER BY l.until LIMIT @Limit) due
        """;

    // Documents, all stock of the items that are waited for (claims may move from row to row until then), then what is
    // still there to end. Whose time is over has expired, whatever was asked.
    private const string Sql = """
        -- reservations.end_waiting_lock_documents
        SELECT count(*) FROM (
            SELECT FROM reservation WHERE reservation_id = ANY (@Ids) ORDER BY reservation_id FOR NO KEY UPDATE) AS locked;
        -- reservations.end_waiting_lock_stock
        SELECT count(*) FROM (
            SELECT FROM stock
            WHERE item_id = ANY (ARRAY(SELECT DISTINCT l.item_id FROM waiting_line l WHERE l.reservation_id = ANY (@Ids)))
            ORDER BY stock_id FOR NO KEY UPDATE) AS locked;
        -- reservations.end_waiting
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        line AS MATERIALIZED (
            SELECT l.reservation_id, l.place, l.line, l.until <= (SELECT now FROM clock) AS over
            FROM waiting_line l
            WHERE l.reservation_id = ANY (@Ids) AND (@Target::smallint <> 7 OR l.until <= (SELECT now FROM clock))),
        share AS MATERIALIZED (
            SELECT l.reservation_id, c.stock_id, sum(c.quantity)::bigint AS quantity,
                row_number() OVER (PARTITION BY c.stock_id ORDER BY l.place) AS nth
            FROM line l JOIN waiting_claim c ON c.place = l.place AND c.line = l.line WHERE c.quantity > 0
            GROUP BY l.reservation_id, l.place, c.stock_id),
        moved AS (
            UPDATE stock s SET waiting = s.waiting - t.quantity, version = s.version + t.changes
            FROM (SELECT stock_id, sum(quantity)::bigint AS quantity, count(*) AS changes FROM share GROUP BY stock_id) t
            WHERE s.stock_id = t.stock_id AND s.stock_id = ANY (ARRAY(SELECT stock_id FROM share))
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.available, s.version, t.changes),
        ended AS (
            UPDATE reservation r
            SET state = CASE WHEN e.over THEN 7 ELSE @Target::smallint END, ended_at = (SELECT now FROM clock), version = r.version + 1
            FROM (SELECT reservation_id, bool_or(over) AS over FROM line GROUP BY reservation_id) e
            WHERE r.reservation_id = e.reservation_id AND r.reservation_id = ANY (@Ids)),
        gone AS (
            DELETE FROM waiting_line l WHERE l.reservation_id = ANY (ARRAY(SELECT reservation_id FROM line))),
        let_go AS (
            DELETE FROM waiting_claim c USING line l WHERE c.place = l.place AND c.line = l.line),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, waiting, kind, actor, origin, trace)
            SELECT (SELECT now FROM clock), l.stock_id, m.version - m.changes + l.nth, l.reservation_id, -l.quantity, 52, @Actor, @Origin::int, @Trace::uuid
            FROM share l JOIN moved m ON m.stock_id = l.stock_id ORDER BY l.stock_id, l.nth)
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

            ended += await EndAsync(due, ReservationState.Expired, new("expiry"), cancellation);
        }
    }

    /// <summary>Cancels or fails one, if it still waits; expires it if its time is over.</summary>
    /// <returns>Whether it waited.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal async Task<bool> ExecuteAsync(EndRequest request, CancellationToken cancellation) =>
        await EndAsync([request.ReservationId], request.Target, request.Actor, cancellation) > 0;

    private async Task<int> EndAsync(Guid[] ids, ReservationState target, Actor actor, CancellationToken cancellation)
    {
        var parameters = new
        {
            Ids = ids,
            Target = (short)target,
            Actor = actor.Name,
            actor.Origin,
            actor.Trace,
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
