using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Counts;

/// <summary>The statements of <see cref="ApproveCount"/>.</summary>
internal static class ApproveStatement
{
    private const string DueSql = """
        -- counts.approve_due
        SELECT DISTINCT l.stock_id
        FROM count_line l JOIN reservation r ON l.stock_id = ANY (r.stock_ids)
        WHERE l.count_id = @CountId AND l.approved_at IS NULL AND l.counted < l.expected
            AND (@ItemIds::bigint[] IS NULL OR l.item_id = ANY (@ItemIds::bigint[]))
            AND r.state = 2 AND r.expires_at <= clock_timestamp()
        """;

    // Locks in the one order of the engine: the document, then its stock rows by id. The lines of one item are judged
    // together and make one change of its row: what was found damaged may be what is missing among the available. The
    // outcomes' numbers are ApproveCountOutcome's, the verdicts' LineRefusal's. Without an effect nothing is stored: a
    // refusal is judged anew.
    private const string Sql = """
        -- counts.approve_lock
        SELECT count(*) FROM (SELECT FROM stock_count c WHERE c.count_id = @CountId FOR NO KEY UPDATE) AS locked;
        -- counts.approve_lock_stock
        SELECT count(*) FROM (
            SELECT FROM stock s
            WHERE s.stock_id = ANY (ARRAY(
                SELECT l.stock_id
                FROM stock_count c JOIN count_line l ON l.count_id = c.count_id
                WHERE c.count_id = @CountId AND c.state = 1 AND l.approved_at IS NULL AND l.counted <> l.expected
                    AND (@ItemIds::bigint[] IS NULL OR l.item_id = ANY (@ItemIds::bigint[]))))
            ORDER BY s.stock_id FOR NO KEY UPDATE) AS locked;
        -- counts.approve
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        document AS MATERIALIZED (
            SELECT c.count_id, c.created_at, c.ended_at, c.version, c.warehouse_id, c.state, c.whole, c.blind, c.warehouse, c.caller,
                c.request_id, c.reason
            FROM stock_count c WHERE c.count_id = @CountId),
        asked AS MATERIALIZED (
            SELECT q.item_id, q.name, q.place,
                EXISTS (SELECT FROM count_line l WHERE l.count_id = @CountId AND l.item_id = q.item_id) AS listed
            FROM unnest(@AskedIds::bigint[], @Names::text[]) WITH ORDINALITY AS q (item_id, name, place)),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN e.fingerprint = @Fingerprint THEN 2
                    WHEN e.fingerprint IS NOT NULL THEN 3
                    WHEN d.count_id IS NULL THEN 4
                    WHEN d.state = 2 THEN 2
                    WHEN d.state <> 1 THEN 5
                    WHEN @Expected::bigint <> d.version THEN 6
                    WHEN EXISTS (SELECT FROM asked WHERE item_id IS NULL) THEN 7
                    WHEN EXISTS (SELECT FROM asked WHERE NOT listed) THEN 8
                    ELSE 1
                END AS outcome, e.answer, c.now
            FROM clock c LEFT JOIN seen e ON true LEFT JOIN document d ON true),
        found AS MATERIALIZED (
            SELECT l.item_id, l.stock_id, min(l.sku) AS sku, sum(l.counted - l.expected)::bigint AS difference,
                coalesce(sum(l.counted - l.expected) FILTER (WHERE l.state = 3), 0)::bigint AS damaged_found,
                coalesce(sum(l.counted - l.expected) FILTER (WHERE l.state = 4), 0)::bigint AS quality_control_found,
                bool_or(l.counted <> l.expected) AS differs
            FROM judged j, count_line l
            WHERE j.outcome = 1 AND l.count_id = @CountId AND l.approved_at IS NULL
                AND CASE WHEN @ItemIds::bigint[] IS NULL THEN l.counted IS NOT NULL ELSE l.item_id = ANY (@ItemIds::bigint[]) END
            GROUP BY l.item_id, l.stock_id),
        weighed AS MATERIALIZED (
            SELECT f.item_id, f.stock_id, f.sku, f.difference, f.damaged_found, f.quality_control_found, f.differs, s.on_hand, s.reserved,
                s.damaged, s.quality_control,
                CASE
                    WHEN f.stock_id IS NULL THEN 1
                    WHEN NOT f.differs THEN 0
                    WHEN s.stock_id IS NULL THEN 3
                    WHEN least(s.damaged + f.damaged_found, s.quality_control + f.quality_control_found) < 0
                        OR s.on_hand + f.difference
                            < s.reserved + s.damaged + f.damaged_found + s.quality_control + f.quality_control_found THEN 2
                    WHEN s.on_hand + f.difference > 9007199254740991 THEN 4
                    ELSE 0
                END AS verdict
            FROM found f LEFT JOIN stock s ON s.stock_id = f.stock_id),
        moved AS (
            UPDATE stock s SET on_hand = s.on_hand + w.difference, damaged = s.damaged + w.damaged_found,
                quality_control = s.quality_control + w.quality_control_found, version = s.version + 1, revision = s.revision + 1
            FROM weighed w WHERE w.verdict = 0 AND w.differs AND s.stock_id = w.stock_id
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.available, s.version, w.difference, w.damaged_found,
                w.quality_control_found),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, on_hand, damaged, quality_control, kind, actor, origin, trace, reason)
            SELECT j.now, m.stock_id, m.version, @CountId, nullif(m.difference, 0), nullif(m.damaged_found, 0),
                nullif(m.quality_control_found, 0), 90, @Caller, @Origin::int, @Trace::uuid, @Reason
            FROM judged j, moved m ORDER BY m.stock_id),
        marked AS (
            UPDATE count_line l SET approved_at = j.now, approved_by = @Caller
            FROM judged j, weighed w
            WHERE w.verdict = 0 AND l.count_id = @CountId AND l.item_id = w.item_id AND l.stock_id = w.stock_id
                AND l.approved_at IS NULL
            RETURNING l.item_id),
        rest AS MATERIALIZED (
            SELECT m.marked, (SELECT count(*) FROM count_line l WHERE l.count_id = @CountId AND l.approved_at IS NULL) - m.marked AS open
            FROM (SELECT count(*) AS marked FROM marked) m),
        advanced AS (
            UPDATE stock_count c SET version = c.version + 1, state = CASE WHEN r.open = 0 THEN 2 ELSE 1 END,
                ended_at = CASE WHEN r.open = 0 THEN j.now END
            FROM judged j, rest r WHERE j.outcome = 1 AND r.marked > 0 AND c.count_id = @CountId
            RETURNING c.count_id, c.created_at, c.ended_at, c.version, c.warehouse_id, c.state, c.whole, c.blind, c.warehouse, c.caller,
                c.request_id, c.reason),
        answered AS MATERIALIZED (
            SELECT jsonb_build_object('count', coalesce((SELECT to_jsonb(a) FROM advanced a), to_jsonb(d)), 'approved', r.marked, 'refused', (
                SELECT jsonb_agg(jsonb_build_object('sku', w.sku, 'refusal', w.verdict, 'difference', coalesce(w.difference, 0),
                    'on_hand', coalesce(w.on_hand, 0), 'reserved', coalesce(w.reserved, 0), 'damaged', coalesce(w.damaged, 0),
                    'quality_control', coalesce(w.quality_control, 0)) ORDER BY w.sku)
                FROM weighed w WHERE w.verdict > 0)) AS answer
            FROM document d, rest r),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT j.now, 'ApproveCount', @CountId::text, @Key, @Caller, @Origin::int, @Trace::uuid FROM judged j, rest r WHERE j.outcome = 1 AND r.marked > 0),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, j.now, 82, a.answer FROM judged j, answered a, rest r WHERE j.outcome = 1 AND r.marked > 0)
        SELECT j.outcome, coalesce(CASE WHEN j.outcome = 2 THEN j.answer END, (SELECT a.answer FROM answered a))::text AS answer,
            ARRAY(
                SELECT a.name FROM asked a
                WHERE CASE j.outcome WHEN 7 THEN a.item_id IS NULL WHEN 8 THEN NOT a.listed ELSE false END ORDER BY a.place) AS names,
            v.stock_ids, v.item_ids, v.warehouse_ids, v.on_hand, v.reserved, v.available, v.versions
        FROM judged j, (
            SELECT array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids, array_agg(warehouse_id) AS warehouse_ids,
                array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved, array_agg(available) AS available,
                array_agg(version) AS versions
            FROM moved) v
        """;

    /// <returns>
    /// The stock rows that are to become less, and have holds past their time that no sweep has met.
    /// </returns>
    internal static async Task<long[]> FindDueAsync(
        NpgsqlConnection connection,
        ApproveParameters parameters,
        CancellationToken cancellation
    ) =>
        [
            .. await connection.QueryAsync<long>(
                new CommandDefinition(DueSql, parameters, cancellationToken: cancellation)
            ),
        ];

    /// <summary>Runs it. Nothing is judged in here.</summary>
    internal static async Task<ApproveRow> ExecuteAsync(
        NpgsqlConnection connection,
        ApproveParameters parameters,
        CancellationToken cancellation
    )
    {
        await using var results = await connection.QueryMultipleAsync(
            new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
        );
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<long>();
        return await results.ReadSingleAsync<ApproveRow>();
    }
}

/// <summary>The parameters; each statement takes what it needs.</summary>
internal sealed class ApproveParameters
{
    public required Guid Key { get; init; }

    public required long Fingerprint { get; init; }

    public required Guid CountId { get; init; }

    /// <summary>The items that are meant; none: all that are counted.</summary>
    public required long[]? ItemIds { get; init; }

    /// <summary>As they were named, with nothing for those that are not known.</summary>
    public required long?[] AskedIds { get; init; }

    public required string[] Names { get; init; }

    public required long? Expected { get; init; }

    public required string Caller { get; init; }

    public required int? Origin { get; init; }

    public required Guid? Trace { get; init; }

    public required string? Reason { get; init; }
}

/// <summary>What the statement answers, and the stock rows that it changed.</summary>
internal sealed class ApproveRow : ChangedLevels
{
    public int Outcome { get; init; }

    public string? Answer { get; init; }

    public string[] Names { get; init; } = [];
}
