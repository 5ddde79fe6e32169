using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// The two statements of a part: one reads the reservation and whether the request was carried out before, in one
/// snapshot; the other carries out what was planned from that, if the reservation still stands so.
/// </summary>
internal static class PartStatement
{
    // The two sides have a column of their own to join on: no plan that a hot connection keeps may nest loops.
    private const string LookSql = """
        -- reservations.part_look
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT 1 AS only_row, max(q.fingerprint) AS fingerprint, max(q.answer::text) AS answer
            FROM request q WHERE q.request_key = ANY (@Keys)),
        document AS MATERIALIZED (
            SELECT 1 AS only_row, r.reservation_id, r.caller, r.request_id, r.order_id, r.state, r.created_at, r.expires_at, r.ended_at,
                r.version, r.stock_ids, r.quantities, r.terms, r.held, r.confirmed, r.returned, r.fulfilled_at, r.tracking, r.fulfillment_note,
                r.state = 2 AND r.expires_at > (SELECT now FROM clock) AS live
            FROM reservation r WHERE r.reservation_id = ANY (@Ids))
        SELECT s.fingerprint AS seen, s.answer, d.reservation_id, d.caller, d.request_id, d.order_id, d.state, d.created_at, d.expires_at,
            d.ended_at, d.version, d.stock_ids, d.quantities, d.terms, d.held, d.confirmed, d.returned, d.fulfilled_at, d.tracking, d.fulfillment_note, d.live
        FROM seen s LEFT JOIN document d ON d.only_row = s.only_row
        """;

    // Locks documents, then stock, as everywhere. The reservation's version stands for all that the plan was made from;
    // a hold that has lapsed since is told by the clock, after the locks. A lapsed hold is judged like a new one, with
    // what it has itself still reserved counted as available; holds of others that are due are looked for only if it
    // does not fit.
    private const string ActSql = """
        -- reservations.part_lock_documents
        SELECT count(*) FROM (
            SELECT FROM reservation WHERE reservation_id = ANY (@Ids) ORDER BY reservation_id FOR NO KEY UPDATE) AS locked;
        -- reservations.part_lock_stock
        SELECT count(*) FROM (SELECT FROM stock WHERE stock_id = ANY (@StockIds) ORDER BY stock_id FOR NO KEY UPDATE) AS locked;
        -- reservations.part
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        document AS MATERIALIZED (
            SELECT r.reservation_id FROM reservation r
            WHERE r.reservation_id = ANY (@Ids) AND r.version = @Version::int
                AND (r.state = 2 AND r.expires_at > (SELECT now FROM clock)) = NOT @Late::boolean
                AND NOT EXISTS (SELECT FROM request q WHERE q.request_key = ANY (@Keys))),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.warehouse_id, s.available, s.discontinued FROM stock s WHERE s.stock_id = ANY (@StockIds)),
        shut AS MATERIALIZED (
            SELECT w.warehouse_id FROM warehouse w
            WHERE w.warehouse_id = ANY (ARRAY(SELECT DISTINCT warehouse_id FROM shelf)) AND NOT w.active),
        line AS MATERIALIZED (
            SELECT l.stock_id, l.on_hand, l.reserved, l.kind
            FROM (
                SELECT unnest(@StockIds::bigint[]) AS stock_id, unnest(@OnHand::bigint[]) AS on_hand, unnest(@Reserved::bigint[]) AS reserved,
                    unnest(@Kinds::smallint[]) AS kind) l),
        unfit AS MATERIALIZED (
            SELECT l.stock_id, coalesce(k.available - l.reserved, 0) AS available,
                CASE WHEN k.discontinued THEN 9 WHEN k.warehouse_id IN (SELECT warehouse_id FROM shut) THEN 10 ELSE 11 END AS refusal
            FROM line l LEFT JOIN shelf k ON k.stock_id = l.stock_id
            WHERE @Late::boolean AND l.on_hand < 0 AND (
                k.stock_id IS NULL OR k.discontinued OR k.warehouse_id IN (SELECT warehouse_id FROM shut)
                OR k.available - l.reserved < -l.on_hand)),
        chosen AS MATERIALIZED (
            SELECT reservation_id FROM document WHERE NOT EXISTS (SELECT FROM unfit)),
        moved AS (
            UPDATE stock s SET on_hand = s.on_hand + l.on_hand, reserved = s.reserved + l.reserved, version = s.version + 1
            FROM line l
            WHERE s.stock_id = l.stock_id AND s.stock_id = ANY (@StockIds) AND EXISTS (SELECT FROM chosen)
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.available, s.version),
        changed AS (
            UPDATE reservation r
            SET state = @State::smallint, held = @Held, confirmed = @Confirmed, version = r.version + 1,
                ended_at = CASE WHEN @State::smallint <> 2 THEN (SELECT now FROM clock) ELSE r.ended_at END
            WHERE r.reservation_id = ANY (ARRAY(SELECT reservation_id FROM chosen))),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, on_hand, reserved, kind, actor, origin, trace)
            SELECT (SELECT now FROM clock), m.stock_id, m.version, (SELECT reservation_id FROM chosen), nullif(l.on_hand, 0),
                nullif(l.reserved, 0), l.kind, @Actor::text, @Origin::int, @Trace::uuid
            FROM moved m JOIN line l ON l.stock_id = m.stock_id
            ORDER BY m.stock_id),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT k.request_key, @Fingerprint::bigint, (SELECT now FROM clock), 60,
                jsonb_build_object('reservation_id', (SELECT reservation_id FROM chosen), 'version', @Version::int + 1)
            FROM unnest(@Keys::uuid[]) AS k (request_key) WHERE EXISTS (SELECT FROM chosen))
        SELECT EXISTS (SELECT FROM chosen) AS done, EXISTS (SELECT FROM document) AS same, (SELECT now FROM clock) AS now,
            v.stock_ids, v.item_ids, v.warehouse_ids, v.on_hand, v.reserved, v.available, v.versions,
            (SELECT array_agg(stock_id) FROM unfit) AS short_stock_ids, (SELECT array_agg(available) FROM unfit) AS short_available,
            (SELECT min(refusal) FROM unfit) AS refusal,
            CASE WHEN EXISTS (SELECT FROM unfit WHERE refusal = 11) THEN EXISTS (
                SELECT FROM reservation r
                WHERE r.state = 2 AND r.expires_at <= (SELECT now FROM clock) AND r.reservation_id <> ALL (@Ids)
                    AND r.stock_ids && ARRAY(SELECT stock_id FROM unfit)) END AS others_due
        FROM (
            SELECT array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids, array_agg(warehouse_id) AS warehouse_ids,
                array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved, array_agg(available) AS available,
                array_agg(version) AS versions
            FROM moved) v
        """;

    /// <summary>Reads the reservation and the request's key.</summary>
    internal static Task<PartRow> LookAsync(NpgsqlConnection connection, Guid[] keys, Guid reservationId) =>
        connection.QuerySingleAsync<PartRow>(LookSql, new { Keys = keys, Ids = new[] { reservationId } });

    /// <summary>Carries a plan out.</summary>
    internal static async Task<PartResult> ActAsync(
        NpgsqlConnection connection,
        EndPartRequest request,
        PartRow row,
        PartPlan plan
    )
    {
        var moves = plan.Moves.OrderBy(m => m.StockId).ToList();
        var parameters = new
        {
            request.Keys,
            Ids = new[] { request.ReservationId },
            Fingerprint = request.Fingerprint(),
            row.Version,
            Late = plan.IsLate,
            State = (short)plan.State,
            plan.Held,
            plan.Confirmed,
            StockIds = moves.Select(m => m.StockId).ToArray(),
            OnHand = moves.Select(m => m.OnHand).ToArray(),
            Reserved = moves.Select(m => m.Reserved).ToArray(),
            Kinds = moves.Select(m => (short)m.Kind).ToArray(),
            Actor = request.Caller.Name,
            request.Caller.Origin,
            request.Caller.Trace,
        };
        await using var results = await connection.QueryMultipleAsync(ActSql, parameters);
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<long>();
        return await results.ReadSingleAsync<PartResult>();
    }
}

/// <summary>What became of a plan, and the rows that it changed.</summary>
internal sealed class PartResult : ChangedLevels
{
    public bool Done { get; init; }

    /// <summary>The reservation stood as the plan was made from.</summary>
    public bool Same { get; init; }

    public DateTime Now { get; init; }

    /// <summary>Rows from which a lapsed hold cannot be taken again, if any.</summary>
    public long[]? ShortStockIds { get; init; }

    public long[]? ShortAvailable { get; init; }

    /// <summary>Why, as <see cref="EndOutcome"/> numbers it.</summary>
    public int? Refusal { get; init; }

    /// <summary>Holds of others on these rows are due, and not ended yet.</summary>
    public bool? OthersDue { get; init; }
}
