using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations.Waiting;

/// <summary>Holds what reservations that wait have been assigned, if it is all that they wait for.</summary>
internal sealed class GrantStatement(Cell cell, CommittedLevels committed)
{
    // Documents by id, all stock of the items that are waited for by id, then what a fresh snapshot shows with all of
    // it locked: nobody joins or leaves the queue of an item whose rows are locked, and no claim moves there. Goods
    // that were assigned may be gone by now: they are lost by those who came last.
    private const string Sql = """
        -- reservations.grant_lock_documents
        SELECT count(*) FROM (
            SELECT FROM reservation WHERE reservation_id = ANY (@Ids) ORDER BY reservation_id FOR NO KEY UPDATE) AS locked;
        -- reservations.grant_lock_stock
        SELECT count(*) FROM (
            SELECT FROM stock
            WHERE item_id = ANY (ARRAY(SELECT DISTINCT l.item_id FROM waiting_line l WHERE l.reservation_id = ANY (@Ids)))
            ORDER BY stock_id FOR NO KEY UPDATE) AS locked;
        -- reservations.grant
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        line AS MATERIALIZED (
            SELECT l.reservation_id, l.place, l.line, l.quantity, l.hold_ms, l.until
            FROM waiting_line l WHERE l.reservation_id = ANY (@Ids)),
        own AS MATERIALIZED (
            SELECT l.reservation_id, c.place, c.line, c.stock_id, c.assigned
            FROM line l JOIN waiting_claim c ON c.place = l.place AND c.line = l.line WHERE c.quantity > 0),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, CASE WHEN s.discontinued OR NOT h.active THEN 0 ELSE s.available + s.waiting END AS free
            FROM stock s JOIN warehouse h ON h.warehouse_id = s.warehouse_id
            WHERE s.stock_id = ANY (ARRAY(SELECT DISTINCT stock_id FROM own))),
        queue AS MATERIALIZED (
            SELECT c.place, c.line, c.stock_id, sum(c.assigned) OVER (PARTITION BY c.stock_id ORDER BY c.place, c.line) AS claim
            FROM waiting_claim c WHERE c.stock_id = ANY (ARRAY(SELECT stock_id FROM shelf))),
        there AS MATERIALIZED (
            SELECT o.place, o.line, sum(o.assigned) AS assigned
            FROM own o JOIN queue q ON q.place = o.place AND q.line = o.line AND q.stock_id = o.stock_id JOIN shelf s ON s.stock_id = o.stock_id
            GROUP BY o.place, o.line HAVING bool_and(q.claim <= s.free)),
        served AS MATERIALIZED (
            SELECT l.reservation_id, min(l.hold_ms) AS hold_ms
            FROM line l LEFT JOIN there t ON t.place = l.place AND t.line = l.line
            GROUP BY l.reservation_id
            HAVING bool_and(coalesce(t.assigned = l.quantity, false)) AND min(l.until) > (SELECT now FROM clock)),
        share AS MATERIALIZED (
            SELECT o.reservation_id, o.stock_id, sum(o.assigned)::bigint AS quantity,
                row_number() OVER (PARTITION BY o.stock_id ORDER BY o.place) AS nth
            FROM own o JOIN served v ON v.reservation_id = o.reservation_id
            GROUP BY o.reservation_id, o.place, o.stock_id),
        moved AS (
            UPDATE stock s SET reserved = s.reserved + t.quantity, waiting = s.waiting - t.quantity, version = s.version + t.changes
            FROM (SELECT stock_id, sum(quantity)::bigint AS quantity, count(*) AS changes FROM share GROUP BY stock_id) t
            WHERE s.stock_id = t.stock_id AND s.stock_id = ANY (ARRAY(SELECT stock_id FROM share))
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.available, s.version, t.changes),
        held AS (
            UPDATE reservation r
            SET state = 2, expires_at = (SELECT now FROM clock) + v.hold_ms * interval '1 millisecond', version = r.version + 1,
                stock_ids = d.stock_ids, quantities = d.quantities
            FROM served v JOIN (
                SELECT reservation_id, array_agg(stock_id ORDER BY stock_id) AS stock_ids, array_agg(quantity ORDER BY stock_id) AS quantities
                FROM share GROUP BY reservation_id) d ON d.reservation_id = v.reservation_id
            WHERE r.reservation_id = v.reservation_id AND r.reservation_id = ANY (@Ids)),
        gone AS (
            DELETE FROM waiting_line l WHERE l.reservation_id = ANY (ARRAY(SELECT reservation_id FROM served))),
        let_go AS (
            DELETE FROM waiting_claim c USING line l, served v
            WHERE v.reservation_id = l.reservation_id AND c.place = l.place AND c.line = l.line),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, reserved, waiting, kind, actor)
            SELECT (SELECT now FROM clock), l.stock_id, m.version - m.changes + l.nth, l.reservation_id, l.quantity, -l.quantity, 51, 'waiting'
            FROM share l JOIN moved m ON m.stock_id = l.stock_id ORDER BY l.stock_id, l.nth)
        SELECT (SELECT count(*)::int FROM served) AS count, array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids,
            array_agg(warehouse_id) AS warehouse_ids, array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved,
            array_agg(available) AS available, array_agg(version) AS versions
        FROM moved
        """;

    /// <summary>Holds those that are complete, and whose time to wait is not over.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal async Task<int> ExecuteAsync(Guid[] ids, CancellationToken cancellation)
    {
        if (ids.Length == 0)
        {
            return 0;
        }

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

    private sealed class Granted : ChangedLevels
    {
        public int Count { get; init; }
    }
}
