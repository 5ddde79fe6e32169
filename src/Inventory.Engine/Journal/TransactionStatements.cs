using Dapper;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>
/// The statements of <see cref="ListTransactions"/>. Each looks at a bounded number of rows before a place, and answers
/// those that match and how far it has come, so that a filter that matches little costs many short statements and never
/// a long one.
/// </summary>
internal static class TransactionStatements
{
    // A row's times and positions rise with its versions, so where each row stood is found by halving. What has left
    // the journal is older than all places. Of rows that were not walked to their end, the one that came least far says
    // how far the whole has come. What a reservation went through without stock is walked beside them, as row 0. Kinds
    // that are all rare are walked one by one, in the index that has no others.
    private const string StockSql = """
        -- journal.list_by_stock
        WITH RECURSIVE search (stock_id, low, high) AS (
            SELECT t.stock_id, 0::bigint, coalesce((
                SELECT j.version FROM journal j WHERE j.stock_id = t.stock_id ORDER BY j.version DESC LIMIT 1), 0)
            FROM unnest(@StockIds::bigint[]) AS t (stock_id)
            UNION ALL
            SELECT h.stock_id, CASE WHEN h.is_before THEN h.middle ELSE h.low END, CASE WHEN h.is_before THEN h.high ELSE h.middle - 1 END
            FROM (
                SELECT q.stock_id, q.low, q.high, q.middle, coalesce((
                    SELECT j.position < @Position::bigint AND j.at < @Before::timestamptz FROM journal j
                    WHERE j.stock_id = q.stock_id AND j.version = q.middle), true) AS is_before
                FROM (SELECT stock_id, low, high, (low + high + 1) / 2 AS middle FROM search WHERE low < high) q) h),
        walked AS MATERIALIZED (
            SELECT j.position, j.at, t.stock_id, j.version, j.document, j.on_hand, j.reserved, j.damaged, j.quality_control, j.in_transit,
                j.safety_stock, j.waiting, j.kind, j.actor, j.origin, j.trace, j.reason
            FROM (SELECT stock_id, low AS version FROM search WHERE low = high) t, LATERAL (
                SELECT j.position, j.at, j.version, j.document, j.on_hand, j.reserved, j.damaged, j.quality_control, j.in_transit,
                    j.safety_stock, j.waiting, j.kind, j.actor, j.origin, j.trace, j.reason
                FROM journal j WHERE j.stock_id = t.stock_id AND j.version <= t.version ORDER BY j.version DESC LIMIT @Scan::int) j
            WHERE NOT @Rare::boolean
            UNION ALL
            SELECT j.position, j.at, t.stock_id, j.version, j.document, j.on_hand, j.reserved, j.damaged, j.quality_control, j.in_transit,
                j.safety_stock, j.waiting, j.kind, j.actor, j.origin, j.trace, j.reason
            FROM (SELECT stock_id, low AS version FROM search WHERE low = high) t, unnest(@Kinds::smallint[]) AS k (kind), LATERAL (
                SELECT j.position, j.at, j.version, j.document, j.on_hand, j.reserved, j.damaged, j.quality_control, j.in_transit,
                    j.safety_stock, j.waiting, j.kind, j.actor, j.origin, j.trace, j.reason
                FROM journal j
                WHERE j.stock_id = t.stock_id AND j.kind = k.kind AND j.kind > 6 AND (j.kind < 80 OR j.kind > 85) AND j.version <= t.version
                ORDER BY j.version DESC LIMIT @Scan::int) j
            WHERE @Rare::boolean
            UNION ALL (
                SELECT j.position, j.at, 0::bigint, 0::bigint, j.document, j.on_hand, j.reserved, j.damaged, j.quality_control, j.in_transit,
                    j.safety_stock, j.waiting, j.kind, j.actor, j.origin, j.trace, j.reason
                FROM journal j
                WHERE j.document = @DocumentId::uuid AND j.stock_id IS NULL AND j.position < @Position::bigint AND j.at < @Before::timestamptz
                ORDER BY j.position DESC LIMIT @Scan::int)),
        fence AS MATERIALIZED (
            SELECT max(e.floor) AS position FROM (
                SELECT min(position) AS floor FROM walked
                GROUP BY stock_id, CASE WHEN @Rare::boolean THEN kind END HAVING count(*) = @Scan::int AND min(at) >= @From::timestamptz) e)
        SELECT (SELECT count(*) FROM walked) AS scanned, z.position AS floor_position, w.position, w.at, w.stock_id, w.version, w.document,
            w.on_hand, w.reserved, w.damaged, w.quality_control, w.in_transit, w.safety_stock, w.waiting, w.kind, w.actor,
            o.scope, o.address, w.trace, w.reason
        FROM fence z
        LEFT JOIN walked w ON w.position >= coalesce(z.position, 0) AND w.at >= @From::timestamptz
            AND (@ReservationId::uuid IS NULL OR w.document = @ReservationId::uuid)
            AND (@Kinds::smallint[] IS NULL OR w.kind = ANY (@Kinds::smallint[])) AND (@Actor::text IS NULL OR w.actor = @Actor::text)
            AND (@Trace::uuid IS NULL OR w.trace = @Trace::uuid)
        LEFT JOIN origin o ON o.origin_id = w.origin
        ORDER BY w.position DESC
        """;

    // Over all rows a time is taken after the locks and a position when the row is written: between them lies no more
    // than a statement may take, so a minute is ample.
    private const string JournalSql = """
        -- journal.list
        WITH scanned AS MATERIALIZED (
            SELECT j.position, j.at, coalesce(j.stock_id, 0) AS stock_id, coalesce(j.version, 0) AS version, j.document, j.on_hand, j.reserved,
                j.damaged, j.quality_control, j.in_transit, j.safety_stock, j.waiting, j.kind, j.actor, j.origin, j.trace, j.reason
            FROM journal j WHERE j.position < @Position::bigint ORDER BY j.position DESC LIMIT @Scan::int)
        SELECT z.scanned, CASE WHEN z.scanned = @Scan::int AND z.floor_at >= @From::timestamptz - interval '1 minute' THEN z.position END AS floor_position,
            w.position, w.at, w.stock_id, w.version, w.document, w.on_hand, w.reserved, w.damaged, w.quality_control, w.in_transit,
            w.safety_stock, w.waiting, w.kind, w.actor, o.scope, o.address, w.trace, w.reason
        FROM (SELECT count(*) AS scanned, min(position) AS position, min(at) AS floor_at FROM scanned) z
        LEFT JOIN scanned w ON w.at >= @From::timestamptz AND w.at < @Before::timestamptz
            AND (@Kinds::smallint[] IS NULL OR w.kind = ANY (@Kinds::smallint[])) AND (@Actor::text IS NULL OR w.actor = @Actor::text)
            AND (@Trace::uuid IS NULL OR w.trace = @Trace::uuid)
            AND (@WarehouseId::int IS NULL
                OR EXISTS (SELECT FROM stock s WHERE s.stock_id = w.stock_id AND s.warehouse_id = @WarehouseId::int)
                OR EXISTS (SELECT FROM former_stock s WHERE s.stock_id = w.stock_id AND s.warehouse_id = @WarehouseId::int))
        LEFT JOIN origin o ON o.origin_id = w.origin
        ORDER BY w.position DESC
        """;

    private const string PlaceSql = """
        -- journal.place_of_time
        WITH RECURSIVE search (low, high) AS (
            SELECT 0::bigint, coalesce((SELECT j.position FROM journal j ORDER BY j.position DESC LIMIT 1), 0)
            UNION ALL
            SELECT CASE WHEN h.is_before THEN h.middle ELSE h.low END, CASE WHEN h.is_before THEN h.high ELSE h.middle - 1 END
            FROM (
                SELECT q.low, q.high, q.middle, coalesce((
                    SELECT j.at < @Before::timestamptz + interval '1 minute' FROM journal j
                    WHERE j.position <= q.middle ORDER BY j.position DESC LIMIT 1), true) AS is_before
                FROM (SELECT low, high, (low + high + 1) / 2 AS middle FROM search WHERE low < high) q) h)
        SELECT low + 1 FROM search WHERE low = high
        """;

    // From the next snapshot of each row, or from what it has now, back over what happened in between, all as one
    // moment shows it. Those of whose rows least has happened come first, as long as there is room.
    private const string LevelsSql = """
        -- journal.list_levels
        WITH asked AS MATERIALIZED (
            SELECT unnest(@StockIds::bigint[]) AS stock_id, unnest(@Versions::bigint[]) AS version),
        shelf AS MATERIALIZED (
            SELECT c.stock_id, c.first, c.upto, c.on_hand, c.reserved, c.damaged, c.quality_control, c.in_transit, c.safety_stock, c.waiting
            FROM (
                SELECT f.stock_id, f.first, b.version AS upto, b.on_hand, b.reserved, b.damaged, b.quality_control, b.in_transit,
                    b.safety_stock, b.waiting, sum(b.version - f.first + 1) OVER (ORDER BY b.version - f.first, f.stock_id) AS cost
                FROM (SELECT stock_id, min(version) AS first, max(version) AS last FROM asked GROUP BY stock_id) f
                JOIN stock s ON s.stock_id = f.stock_id, LATERAL (
                    (SELECT p.version, p.on_hand, p.reserved, p.damaged, p.quality_control, p.in_transit, p.safety_stock, p.waiting
                    FROM stock_snapshot p WHERE p.stock_id = f.stock_id AND p.version >= f.last ORDER BY p.version LIMIT 1)
                    UNION ALL
                    SELECT s.version, s.on_hand, s.reserved, s.damaged, s.quality_control, s.in_transit, s.safety_stock, s.waiting
                    ORDER BY version LIMIT 1) b) c
            WHERE c.cost <= @CostMax::bigint),
        later AS MATERIALIZED (
            SELECT k.stock_id, j.version, sum(j.on_hand) OVER since AS on_hand, sum(j.reserved) OVER since AS reserved,
                sum(j.damaged) OVER since AS damaged, sum(j.quality_control) OVER since AS quality_control,
                sum(j.in_transit) OVER since AS in_transit, sum(j.safety_stock) OVER since AS safety_stock, sum(j.waiting) OVER since AS waiting
            FROM shelf k JOIN journal j ON j.stock_id = k.stock_id AND j.version >= k.first AND j.version <= k.upto
            WINDOW since AS (PARTITION BY k.stock_id ORDER BY j.version DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
        SELECT a.stock_id, a.version, (k.on_hand - coalesce(l.on_hand, 0))::bigint AS on_hand,
            (k.reserved - coalesce(l.reserved, 0))::bigint AS reserved, (k.damaged - coalesce(l.damaged, 0))::bigint AS damaged,
            (k.quality_control - coalesce(l.quality_control, 0))::bigint AS quality_control,
            (k.in_transit - coalesce(l.in_transit, 0))::bigint AS in_transit, (k.safety_stock - coalesce(l.safety_stock, 0))::bigint AS safety_stock,
            (k.waiting - coalesce(l.waiting, 0))::bigint AS waiting
        FROM asked a JOIN later l ON l.stock_id = a.stock_id AND l.version = a.version JOIN shelf k ON k.stock_id = a.stock_id
        """;

    private const string ReservationSql = """
        -- journal.list_reservation
        SELECT r.stock_ids, r.created_at, CASE WHEN r.returned IS NULL THEN greatest(r.ended_at, r.fulfilled_at) END AS ended_at
        FROM reservation r WHERE r.reservation_id = @ReservationId
        UNION ALL
        SELECT r.stock_ids, r.created_at, CASE WHEN r.returned IS NULL THEN greatest(r.ended_at, r.fulfilled_at) END
        FROM reservation_archive r WHERE r.reservation_id = @ReservationId
        """;

    // Of a page, all rows together.
    private const long CostMax = 20_000;

    /// <summary>Looks at rows before a place, of some stock rows or of all.</summary>
    /// <returns>At least one row; the first tells how far it has come, and is no change if nothing matched.</returns>
    internal static async Task<List<TransactionRow>> WalkAsync(
        NpgsqlConnection connection,
        TransactionParameters parameters,
        CancellationToken cancellation
    )
    {
        var sql = parameters.StockIds is null ? JournalSql : StockSql;
        var command = new CommandDefinition(sql, parameters, cancellationToken: cancellation);
        return (await connection.QueryAsync<TransactionRow>(command)).AsList();
    }

    /// <summary>The place behind all that happened before a time; what is before it need not have.</summary>
    internal static Task<long> PlaceAsync(
        NpgsqlConnection connection,
        DateTime before,
        CancellationToken cancellation
    ) =>
        connection.QuerySingleAsync<long>(
            new CommandDefinition(PlaceSql, new { Before = before }, cancellationToken: cancellation)
        );

    /// <summary>What stock rows had since some of their changes, where that can be reckoned in time.</summary>
    internal static async Task<Dictionary<(long StockId, long Version), StockAmounts>> LevelsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<TransactionRow> rows,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            StockIds = rows.Select(r => r.StockId).ToArray(),
            Versions = rows.Select(r => r.Version).ToArray(),
            CostMax,
        };
        var levels = await connection.QueryAsync<TransactionRow>(
            new CommandDefinition(LevelsSql, parameters, cancellationToken: cancellation)
        );
        return levels.ToDictionary(l => (l.StockId, l.Version), l => l.Amounts);
    }

    /// <summary>Which stock rows a reservation drew on, and between which times it changed them.</summary>
    internal static Task<TransactionReservation?> ReservationAsync(
        NpgsqlConnection connection,
        Guid reservationId,
        CancellationToken cancellation
    ) =>
        connection.QuerySingleOrDefaultAsync<TransactionReservation>(
            new CommandDefinition(
                ReservationSql,
                new { ReservationId = reservationId },
                cancellationToken: cancellation
            )
        );
}
