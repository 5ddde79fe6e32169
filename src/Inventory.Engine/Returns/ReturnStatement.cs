using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using Npgsql;

namespace Inventory.Engine.Returns;

/// <summary>Carries a planned return out, if the reservation still stands as it was planned from.</summary>
internal static class ReturnStatement
{
    // The reservation's lock decides between returns of the same goods. An item that is no longer sold comes back all
    // the same; a warehouse that is inactive takes nothing in.
    private const string Sql = """
        -- returns.lock_documents
        SELECT count(*) FROM (
            SELECT FROM reservation WHERE reservation_id = ANY (@Ids) ORDER BY reservation_id FOR NO KEY UPDATE) AS locked;
        -- returns.lock_stock
        SELECT count(*) FROM (SELECT FROM stock WHERE stock_id = ANY (@StockIds) ORDER BY stock_id FOR NO KEY UPDATE) AS locked;
        -- returns.return
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        document AS MATERIALIZED (
            SELECT r.reservation_id FROM reservation r
            WHERE r.reservation_id = ANY (@Ids) AND r.version = @Version
                AND NOT EXISTS (SELECT FROM request q WHERE q.request_key = ANY (@Keys))),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.warehouse_id, s.on_hand FROM stock s WHERE s.stock_id = ANY (@StockIds)),
        shut AS MATERIALIZED (
            SELECT w.warehouse_id FROM warehouse w
            WHERE w.warehouse_id = ANY (ARRAY(SELECT DISTINCT warehouse_id FROM shelf)) AND NOT w.active),
        line AS MATERIALIZED (
            SELECT l.stock_id, l.on_hand, l.damaged, l.quality_control
            FROM (
                SELECT unnest(@StockIds::bigint[]) AS stock_id, unnest(@OnHand::bigint[]) AS on_hand, unnest(@Damaged::bigint[]) AS damaged,
                    unnest(@QualityControl::bigint[]) AS quality_control) l),
        unfit AS MATERIALIZED (
            SELECT l.stock_id,
                CASE WHEN k.stock_id IS NULL THEN 9 WHEN k.warehouse_id IN (SELECT warehouse_id FROM shut) THEN 10 ELSE 11 END AS refusal
            FROM line l LEFT JOIN shelf k ON k.stock_id = l.stock_id
            WHERE k.stock_id IS NULL OR k.warehouse_id IN (SELECT warehouse_id FROM shut) OR k.on_hand + l.on_hand > 9007199254740991),
        chosen AS MATERIALIZED (
            SELECT reservation_id FROM document WHERE NOT EXISTS (SELECT FROM unfit)),
        moved AS (
            UPDATE stock s
            SET on_hand = s.on_hand + l.on_hand, damaged = s.damaged + l.damaged, quality_control = s.quality_control + l.quality_control,
                version = s.version + 1, revision = s.revision + 1
            FROM line l
            WHERE s.stock_id = l.stock_id AND s.stock_id = ANY (@StockIds) AND EXISTS (SELECT FROM chosen)
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.damaged, s.quality_control, s.in_transit, s.safety_stock,
                s.waiting, s.available, s.version, s.revision),
        changed AS (
            UPDATE reservation r SET returned = @Returned, version = r.version + 1
            WHERE r.reservation_id = ANY (ARRAY(SELECT reservation_id FROM chosen))),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, on_hand, damaged, quality_control, kind, actor, origin, trace, reason)
            SELECT (SELECT now FROM clock), m.stock_id, m.version, (SELECT reservation_id FROM chosen), l.on_hand, nullif(l.damaged, 0),
                nullif(l.quality_control, 0), 41, @Actor::text, @Origin::int, @Trace::uuid, @Reason::text
            FROM moved m JOIN line l ON l.stock_id = m.stock_id
            ORDER BY m.stock_id),
        answer AS MATERIALIZED (
            SELECT jsonb_agg(jsonb_build_object(
                'stock_id', stock_id, 'on_hand', on_hand, 'reserved', reserved, 'damaged', damaged, 'quality_control', quality_control,
                'in_transit', in_transit, 'safety_stock', safety_stock, 'waiting', waiting, 'version', version, 'revision', revision) ORDER BY stock_id) AS stock
            FROM moved),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT k.request_key, @Fingerprint::bigint, (SELECT now FROM clock), 61,
                jsonb_build_object('reservation_id', (SELECT reservation_id FROM chosen), 'stock', (SELECT stock FROM answer))
            FROM unnest(@Keys::uuid[]) AS k (request_key) WHERE EXISTS (SELECT FROM chosen))
        SELECT EXISTS (SELECT FROM chosen) AS done, EXISTS (SELECT FROM document) AS same, (SELECT stock::text FROM answer) AS stock,
            (SELECT min(refusal) FROM unfit) AS refusal,
            (SELECT array_agg(stock_id) FROM unfit WHERE refusal = (SELECT min(refusal) FROM unfit)) AS refused_stock_ids,
            v.stock_ids, v.item_ids, v.warehouse_ids, v.on_hand, v.reserved, v.available, v.versions
        FROM (
            SELECT array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids, array_agg(warehouse_id) AS warehouse_ids,
                array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved, array_agg(available) AS available,
                array_agg(version) AS versions
            FROM moved) v
        """;

    /// <summary>Runs it.</summary>
    internal static async Task<ReturnResult> ExecuteAsync(
        NpgsqlConnection connection,
        Guid key,
        ReturnRequest request,
        ReservationRow row,
        ReturnPlan plan
    )
    {
        var moves = plan.Moves;
        var parameters = new
        {
            Keys = new[] { key },
            Ids = new[] { request.ReservationId },
            Fingerprint = request.Fingerprint(),
            row.Version,
            plan.Returned,
            StockIds = moves.Select(m => m.StockId).ToArray(),
            OnHand = moves.Select(m => m.OnHand).ToArray(),
            Damaged = moves.Select(m => m.Damaged).ToArray(),
            QualityControl = moves.Select(m => m.QualityControl).ToArray(),
            Actor = request.Caller.Name,
            request.Caller.Origin,
            request.Caller.Trace,
            Reason = request.JournalReason,
        };
        await using var results = await connection.QueryMultipleAsync(Sql, parameters);
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<long>();
        return await results.ReadSingleAsync<ReturnResult>();
    }
}

/// <summary>What became of a plan, and the rows that it changed.</summary>
internal sealed class ReturnResult : ChangedLevels
{
    public bool Done { get; init; }

    /// <summary>The reservation stood as the plan was made from.</summary>
    public bool Same { get; init; }

    /// <summary>The changed rows' amounts, as JSON by the columns' names.</summary>
    public string? Stock { get; init; }

    /// <summary>Why it is refused, as <see cref="ReturnOutcome"/> numbers it.</summary>
    public int? Refusal { get; init; }

    /// <summary>The rows in the way, for that reason.</summary>
    public long[]? RefusedStockIds { get; init; }
}
