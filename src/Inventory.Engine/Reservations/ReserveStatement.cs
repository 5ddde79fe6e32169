using Dapper;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// The hot statement: judges a batch of attempts and grants what fits. One round trip, one implicit transaction: lock
/// every row that the batch may draw on, in key order, then judge and act on what a fresh snapshot shows.
/// </summary>
internal static class ReserveStatement
{
    // Two statements on purpose. READ COMMITTED gives the second a snapshot taken with the locks held, so it sees the
    // grants of whoever held them before, and an id that a racing retry has inserted. A single statement that locks
    // and acts sees neither.
    //
    // A running claim per stock row, in the order of the batch, decides: a request is held if all its lines fit
    // behind everyone before it. What cannot fit even alone (hopeless) claims nothing. What fits alone and not behind
    // the others is left undecided.
    //
    // An id is in one of two tables, and what moves it does so in one transaction: one snapshot finds it in one of
    // them.
    private const string Sql = """
        -- reservations.lock
        SELECT count(*) FROM (SELECT FROM stock WHERE stock_id = ANY (@StockIds) ORDER BY stock_id FOR NO KEY UPDATE) AS locked;
        -- reservations.reserve
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.reservation_id, r.fingerprint FROM reservation r WHERE r.reservation_id = ANY (@Ids)
            UNION ALL
            SELECT r.reservation_id, r.fingerprint FROM reservation_archive r WHERE r.reservation_id = ANY (@Ids)),
        asked AS MATERIALIZED (
            SELECT q.request::int, q.reservation_id, q.fingerprint, q.hold_ms, q.caller, q.origin, q.trace, q.request_id, q.order_id, q.terms
            FROM unnest(@Ids::uuid[], @Fingerprints::bigint[], @HoldMs::int[], @Callers::text[], @Origins::int[], @Traces::uuid[], @RequestIds::text[], @OrderIds::text[],
                    @Terms::text[])
                WITH ORDINALITY AS q (reservation_id, fingerprint, hold_ms, caller, origin, trace, request_id, order_id, terms, request)
            WHERE NOT EXISTS (SELECT FROM seen WHERE seen.reservation_id = q.reservation_id)),
        shut AS MATERIALIZED (
            SELECT w.warehouse_id FROM warehouse w WHERE w.warehouse_id = ANY (@WarehouseIds) AND NOT w.active),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.on_hand, s.reserved, s.version,
                CASE WHEN s.discontinued OR s.warehouse_id IN (SELECT warehouse_id FROM shut) THEN NULL ELSE s.available END AS available
            FROM stock s WHERE s.stock_id = ANY (@StockIds)),
        line AS MATERIALIZED (
            SELECT l.request, l.stock_id, l.quantity, k.available, k.version, coalesce(l.quantity <= k.available, false) AS fits
            FROM (
                SELECT unnest(@LineRequests::int[]) AS request, unnest(@LineStockIds::bigint[]) AS stock_id,
                    unnest(@LineQuantities::bigint[]) AS quantity) l
            LEFT JOIN shelf k ON k.stock_id = l.stock_id),
        hopeless AS MATERIALIZED (
            SELECT request FROM line WHERE NOT fits),
        claimed AS MATERIALIZED (
            SELECT l.request, l.stock_id, l.quantity, l.available, l.version,
                sum(l.quantity) OVER (PARTITION BY l.stock_id ORDER BY l.request) AS claim
            FROM line l
            WHERE l.request IN (SELECT request FROM asked) AND l.request NOT IN (SELECT request FROM hopeless)),
        held AS MATERIALIZED (
            SELECT request, array_agg(stock_id ORDER BY stock_id) AS stock_ids, array_agg(quantity ORDER BY stock_id) AS quantities
            FROM claimed GROUP BY request HAVING bool_and(claim <= available)),
        drawn AS MATERIALIZED (
            SELECT c.request, c.stock_id, c.quantity,
                c.version + row_number() OVER (PARTITION BY c.stock_id ORDER BY c.request) AS version
            FROM claimed c JOIN held h ON h.request = c.request),
        moved AS (
            UPDATE stock s SET reserved = s.reserved + d.quantity, version = s.version + d.changes
            FROM (SELECT stock_id, sum(quantity)::bigint AS quantity, count(*) AS changes FROM drawn GROUP BY stock_id) d
            WHERE s.stock_id = d.stock_id AND s.stock_id = ANY (@StockIds)),
        granted AS (
            INSERT INTO reservation (reservation_id, fingerprint, created_at, expires_at, state, caller, request_id, order_id,
                stock_ids, quantities, terms)
            SELECT q.reservation_id, q.fingerprint, (SELECT now FROM clock),
                (SELECT now FROM clock) + q.hold_ms * interval '1 millisecond', 2, q.caller, q.request_id, q.order_id,
                h.stock_ids, h.quantities, q.terms::jsonb
            FROM held h JOIN asked q ON q.request = h.request
            ORDER BY q.reservation_id),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, reserved, kind, actor, origin, trace)
            SELECT (SELECT now FROM clock), d.stock_id, d.version, q.reservation_id, d.quantity, 1, q.caller, q.origin, q.trace
            FROM drawn d JOIN asked q ON q.request = d.request
            ORDER BY d.stock_id, d.version)
        SELECT (SELECT now FROM clock) AS now,
            (SELECT array_agg(request) FROM held) AS held,
            (SELECT array_agg(reservation_id) FROM seen) AS seen_ids, (SELECT array_agg(fingerprint) FROM seen) AS seen_fingerprints,
            shelf.stock_ids, shelf.on_hand, shelf.reserved, shelf.available, shelf.versions
        FROM (
            SELECT array_agg(stock_id) AS stock_ids, array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved,
                array_agg(coalesce(available, 0)) AS available, array_agg(version) AS versions
            FROM shelf) AS shelf
        """;

    /// <summary>Runs it. Nothing is judged in here.</summary>
    internal static async Task<ReserveRow> ExecuteAsync(NpgsqlConnection connection, ReserveParameters parameters)
    {
        await using var results = await connection.QueryMultipleAsync(Sql, parameters);
        await results.ReadSingleAsync<long>();
        return await results.ReadSingleAsync<ReserveRow>();
    }
}

/// <summary>What the statement answers, in one row: the shelf is as it was before the grants.</summary>
internal sealed class ReserveRow
{
    public DateTime Now { get; init; }

    /// <summary>The places, from 1, of what is held.</summary>
    public int[]? Held { get; init; }

    public Guid[]? SeenIds { get; init; }

    public long[]? SeenFingerprints { get; init; }

    public long[] StockIds { get; init; } = [];

    public long[] OnHand { get; init; } = [];

    public long[] Reserved { get; init; } = [];

    /// <summary>0 where the item is discontinued or the warehouse serves no new holds.</summary>
    public long[] Available { get; init; } = [];

    public long[] Versions { get; init; } = [];
}
