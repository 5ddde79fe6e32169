using Dapper;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// The ways to walk through reservations. The filter says which one finds the fewest that don't match.
/// </summary>
internal enum ListWalk
{
    /// <summary>One order's, by its index, the newest first.</summary>
    Order = 1,

    /// <summary>Those that drew on a SKU's rows, by the rows' journals, the newest first.</summary>
    Stock = 2,

    /// <summary>Those that are held, by the index of due holds, those that lapse last first.</summary>
    Held = 3,

    /// <summary>All, by the journal, the newest first.</summary>
    Journal = 4,
}

/// <summary>
/// The statements of the walks. Each looks at a bounded number of rows before a place, and answers those that match and
/// how far it has come, so that a filter that matches little costs many short statements and never a long one.
/// </summary>
internal static class ListStatements
{
    private const string OrderSql = """
        -- reservations.list_by_order
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        scanned AS MATERIALIZED (
            SELECT r.reservation_id, r.caller, r.request_id, r.order_id, r.created_at, r.expires_at, r.ended_at, r.version, r.stock_ids,
                r.quantities, r.terms, r.held, r.confirmed, r.returned, r.fulfilled_at, r.tracking, r.fulfillment_note, CASE WHEN r.state <= 2 AND r.expires_at <= (SELECT now FROM clock) THEN 7::smallint ELSE r.state END AS state
            FROM reservation r
            WHERE r.order_id = @OrderId AND (r.created_at, r.reservation_id) < (@Time, @Id)
            ORDER BY r.created_at DESC, r.reservation_id DESC LIMIT @Scan)
        SELECT z.scanned, z.floor_time, z.floor_id, c.reservation_id, c.caller, c.request_id, c.order_id, c.state, c.created_at, c.expires_at,
            c.ended_at, c.version, c.stock_ids, c.quantities, c.terms, c.held, c.confirmed, c.returned, c.fulfilled_at, c.tracking,
            c.fulfillment_note
        FROM (
            SELECT count(*) AS scanned, (array_agg(created_at ORDER BY created_at, reservation_id))[1] AS floor_time,
                (array_agg(reservation_id ORDER BY created_at, reservation_id))[1] AS floor_id
            FROM scanned) z
        LEFT JOIN scanned c ON (@State::int IS NULL OR c.state = @State) AND c.expires_at < @ExpiresBefore AND c.expires_at >= @ExpiresAfter
            AND (@StockIds::bigint[] IS NULL OR c.stock_ids && @StockIds)
            AND (@WarehouseId::int IS NULL OR EXISTS (
                SELECT FROM stock s WHERE s.stock_id = ANY (c.stock_ids) AND s.warehouse_id = @WarehouseId))
        ORDER BY c.created_at DESC, c.reservation_id DESC
        """;

    private const string HeldSql = """
        -- reservations.list_held
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        scanned AS MATERIALIZED (
            SELECT r.reservation_id, r.caller, r.request_id, r.order_id, r.state, r.created_at, r.expires_at, r.ended_at, r.version,
                r.stock_ids, r.quantities, r.terms, r.held, r.confirmed, r.returned, r.fulfilled_at, r.tracking, r.fulfillment_note
            FROM reservation r
            WHERE r.state = 2 AND r.expires_at > (SELECT now FROM clock) AND r.expires_at < @ExpiresBefore AND r.expires_at >= @ExpiresAfter
                AND (r.expires_at, r.reservation_id) < (@Time, @Id)
            ORDER BY r.expires_at DESC, r.reservation_id DESC LIMIT @Scan)
        SELECT z.scanned, z.floor_time, z.floor_id, c.reservation_id, c.caller, c.request_id, c.order_id, c.state, c.created_at, c.expires_at,
            c.ended_at, c.version, c.stock_ids, c.quantities, c.terms, c.held, c.confirmed, c.returned, c.fulfilled_at, c.tracking,
            c.fulfillment_note
        FROM (
            SELECT count(*) AS scanned, (array_agg(expires_at ORDER BY expires_at, reservation_id))[1] AS floor_time,
                (array_agg(reservation_id ORDER BY expires_at, reservation_id))[1] AS floor_id
            FROM scanned) z
        LEFT JOIN scanned c ON @WarehouseId::int IS NULL OR EXISTS (
            SELECT FROM stock s WHERE s.stock_id = ANY (c.stock_ids) AND s.warehouse_id = @WarehouseId)
        ORDER BY c.expires_at DESC, c.reservation_id DESC
        """;

    // A reservation has a journal row for each of its stock rows: it is shown at that of the first one that matches.
    // The rows need not be there any more.
    private const string JournalSql = """
        -- reservations.list_by_journal
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        scanned AS MATERIALIZED (
            SELECT j.position, j.stock_id, j.document, j.kind FROM journal j
            WHERE j.position < @Position ORDER BY j.position DESC LIMIT @Scan),
        document AS MATERIALIZED (
            SELECT r.reservation_id, r.caller, r.request_id, r.order_id, r.created_at, r.expires_at, r.ended_at, r.version, r.stock_ids,
                r.quantities, r.terms, r.held, r.confirmed, r.returned, r.fulfilled_at, r.tracking, r.fulfillment_note, CASE WHEN r.state <= 2 AND r.expires_at <= (SELECT now FROM clock) THEN 7::smallint ELSE r.state END AS state
            FROM reservation r WHERE r.reservation_id = ANY (ARRAY(SELECT document FROM scanned WHERE kind IN (1, 50)))),
        matched AS MATERIALIZED (
            SELECT n.position, d.reservation_id, d.caller, d.request_id, d.order_id, d.state, d.created_at, d.expires_at, d.ended_at,
                d.version, d.stock_ids, d.quantities, d.terms, d.held, d.confirmed, d.returned, d.fulfilled_at, d.tracking,
            d.fulfillment_note
            FROM scanned n JOIN document d ON d.reservation_id = n.document
            WHERE n.kind IN (1, 50) AND (@State::int IS NULL OR d.state = @State)
                AND d.expires_at < @ExpiresBefore AND d.expires_at >= @ExpiresAfter
                AND n.stock_id = (
                    SELECT min(l.stock_id) FROM unnest(d.stock_ids) AS l (stock_id)
                    WHERE @WarehouseId::int IS NULL
                        OR EXISTS (SELECT FROM stock s WHERE s.stock_id = l.stock_id AND s.warehouse_id = @WarehouseId)))
        SELECT z.scanned, z.floor_position, m.position, m.reservation_id, m.caller, m.request_id, m.order_id, m.state, m.created_at,
            m.expires_at, m.ended_at, m.version, m.stock_ids, m.quantities, m.terms, m.held, m.confirmed, m.returned, m.fulfilled_at, m.tracking,
            m.fulfillment_note
        FROM (SELECT count(*) AS scanned, min(position) AS floor_position FROM scanned) z LEFT JOIN matched m ON true
        ORDER BY m.position DESC
        """;

    // A row's versions rise with its positions, so where each row stood at the place is found by halving. What has left
    // the journal is older than all places. Of rows that were not walked to their end, the one that came least far says
    // how far the whole has come.
    private const string StockSql = """
        -- reservations.list_by_stock
        WITH RECURSIVE clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        search (stock_id, low, high) AS (
            SELECT s.stock_id, 0::bigint, s.version FROM stock s WHERE s.stock_id = ANY (@StockIds)
            UNION ALL
            SELECT h.stock_id, CASE WHEN h.position < @Position THEN h.middle ELSE h.low END,
                CASE WHEN h.position < @Position THEN h.high ELSE h.middle - 1 END
            FROM (
                SELECT q.stock_id, q.low, q.high, q.middle,
                    coalesce((SELECT j.position FROM journal j WHERE j.stock_id = q.stock_id AND j.version = q.middle), 0) AS position
                FROM (SELECT stock_id, low, high, (low + high + 1) / 2 AS middle FROM search WHERE low < high) q) h),
        walked AS MATERIALIZED (
            SELECT j.position, t.stock_id, j.document, j.kind
            FROM (SELECT stock_id, low AS version FROM search WHERE low = high) t, LATERAL (
                SELECT j.position, j.document, j.kind FROM journal j
                WHERE j.stock_id = t.stock_id AND j.version <= t.version ORDER BY j.version DESC LIMIT @Scan) j),
        fence AS MATERIALIZED (
            SELECT max(e.floor) AS position FROM (
                SELECT min(position) AS floor FROM walked GROUP BY stock_id HAVING count(*) = @Scan) e),
        scanned AS MATERIALIZED (
            SELECT w.position, w.stock_id, w.document FROM walked w
            WHERE w.kind IN (1, 50) AND w.position >= coalesce((SELECT position FROM fence), 0)),
        document AS MATERIALIZED (
            SELECT r.reservation_id, r.caller, r.request_id, r.order_id, r.created_at, r.expires_at, r.ended_at, r.version, r.stock_ids,
                r.quantities, r.terms, r.held, r.confirmed, r.returned, r.fulfilled_at, r.tracking, r.fulfillment_note, CASE WHEN r.state <= 2 AND r.expires_at <= (SELECT now FROM clock) THEN 7::smallint ELSE r.state END AS state
            FROM reservation r WHERE r.reservation_id = ANY (ARRAY(SELECT document FROM scanned))),
        matched AS MATERIALIZED (
            SELECT n.position, d.reservation_id, d.caller, d.request_id, d.order_id, d.state, d.created_at, d.expires_at, d.ended_at,
                d.version, d.stock_ids, d.quantities, d.terms, d.held, d.confirmed, d.returned, d.fulfilled_at, d.tracking,
            d.fulfillment_note
            FROM scanned n JOIN document d ON d.reservation_id = n.document
            WHERE (@State::int IS NULL OR d.state = @State) AND d.expires_at < @ExpiresBefore AND d.expires_at >= @ExpiresAfter
                AND n.stock_id = (SELECT min(l.stock_id) FROM unnest(d.stock_ids) AS l (stock_id) WHERE l.stock_id = ANY (@StockIds)))
        SELECT (SELECT count(*) FROM walked) AS scanned, z.position AS floor_position, m.position, m.reservation_id, m.caller, m.request_id,
            m.order_id, m.state, m.created_at, m.expires_at, m.ended_at, m.version, m.stock_ids, m.quantities, m.terms, m.held, m.confirmed, m.returned, m.fulfilled_at, m.tracking,
            m.fulfillment_note
        FROM fence z LEFT JOIN matched m ON true
        ORDER BY m.position DESC
        """;

    /// <summary>Looks at rows before a place.</summary>
    /// <returns>
    /// At least one row; the first tells how far it has come, and has no reservation if nothing matched.
    /// </returns>
    internal static async Task<List<ListRow>> ExecuteAsync(
        NpgsqlConnection connection,
        ListWalk walk,
        ListParameters parameters,
        CancellationToken cancellation
    )
    {
        var sql = walk switch
        {
            ListWalk.Order => OrderSql,
            ListWalk.Stock => StockSql,
            ListWalk.Held => HeldSql,
            ListWalk.Journal => JournalSql,
        };
        var command = new CommandDefinition(sql, parameters, cancellationToken: cancellation);
        return (await connection.QueryAsync<ListRow>(command)).AsList();
    }
}

/// <summary>The parameters of all walks; each takes what it needs.</summary>
internal sealed record ListParameters
{
    public string? OrderId { get; init; }

    public int? State { get; init; }

    /// <summary>The rows of the SKU, at the warehouse if one is named; none if no SKU is.</summary>
    public long[]? StockIds { get; init; }

    /// <summary>None if a SKU is named.</summary>
    public int? WarehouseId { get; init; }

    public DateTime ExpiresBefore { get; init; }

    public DateTime ExpiresAfter { get; init; }

    public long Position { get; init; }

    public DateTime Time { get; init; }

    public Guid Id { get; init; }

    public int Scan { get; init; }
}

/// <summary>A reservation that matches, and how far the walk has come.</summary>
internal sealed class ListRow : ReservationRow
{
    /// <summary>How many rows were looked at.</summary>
    public int Scanned { get; init; }

    /// <summary>None at the end of all rows.</summary>
    public long? FloorPosition { get; init; }

    public DateTime? FloorTime { get; init; }

    public Guid? FloorId { get; init; }

    public long Position { get; init; }
}
