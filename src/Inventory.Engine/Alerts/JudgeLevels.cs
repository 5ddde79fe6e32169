using System.Globalization;
using Dapper;
using Npgsql;

namespace Inventory.Engine.Alerts;

/// <summary>
/// Judges the present levels of stock rows: raises what is low, gone or too much, and resolves what is so no more.
/// Between the threshold at which an alert is raised and the one at which it is resolved nothing changes.
/// </summary>
public static class JudgeLevels
{
    // Those who judge do it one after the other, or two of them could wait for each other's rows.
    private const string LockSql = """
        -- alerts.judge_lock
        SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.alerts', 0))) AS locked
        """;

    // Nearly every row is near none of its thresholds and has no alert. Most of those are known by their own levels and
    // the widest of all thresholds (near), the rest by their item's. Only who may be raised or resolved is touched.
    // What is low is what ListLowStock says, where no threshold is set. Without one, out of stock is 0, and over again
    // at 2: one piece that comes and goes is no news.
    private const string Sql = """
        -- alerts.judge
        WITH widest AS MATERIALIZED (
            SELECT greatest(0, (SELECT max(reorder_point) FROM item), (SELECT max(raise_at) FROM alert_threshold WHERE kind = 1),
                (SELECT max(raise_at) FROM alert_threshold WHERE kind = 2)) AS low,
                (SELECT min(raise_at) FROM alert_threshold WHERE kind = 3) AS over),
        near AS MATERIALIZED (
            SELECT s.stock_id, s.item_id, s.available, s.on_hand FROM stock s
            WHERE s.stock_id = ANY (@StockIds::bigint[])
                AND (s.available <= (SELECT low FROM widest) OR s.on_hand >= (SELECT over FROM widest))),
        usual AS MATERIALIZED (
            SELECT max(u.raise_at) FILTER (WHERE u.kind < 3) AS low, min(u.raise_at) FILTER (WHERE u.kind = 3) AS over
            FROM alert_threshold u WHERE u.item_id IS NULL),
        touched AS MATERIALIZED (
            SELECT n.stock_id
            FROM usual u CROSS JOIN near n LEFT JOIN item i ON i.item_id = n.item_id LEFT JOIN LATERAL (
                SELECT max(v.raise_at) FILTER (WHERE v.kind < 3) AS low, min(v.raise_at) FILTER (WHERE v.kind = 3) AS over
                FROM alert_threshold v WHERE v.item_id = n.item_id) p ON true
            WHERE n.available <= greatest(0, i.reorder_point, u.low, p.low) OR n.on_hand >= least(u.over, p.over)
            UNION
            SELECT substr(o.subject, 7)::bigint FROM alert o
            WHERE o.subject = ANY (@Subjects::text[]) AND o.kind = ANY ('{1,2,3}') AND o.resolved_at IS NULL),
        level AS MATERIALIZED (
            SELECT t.stock_id, s.item_id, s.warehouse_id, i.sku, w.code AS warehouse, greatest(s.available, 0) AS available, s.on_hand,
                i.reorder_point, s.stock_id IS NOT NULL AS stands, NOT coalesce(s.discontinued, true) AS sold
            FROM touched t LEFT JOIN stock s ON s.stock_id = t.stock_id LEFT JOIN item i ON i.item_id = s.item_id
            LEFT JOIN warehouse w ON w.warehouse_id = s.warehouse_id),
        bound AS MATERIALIZED (
            SELECT l.stock_id, k.kind, l.sku, l.warehouse, CASE k.kind WHEN 3 THEN l.on_hand ELSE l.available END AS amount,
                CASE k.kind WHEN 3 THEN l.stands ELSE l.sold END AS counts,
                coalesce(a.raise_at, b.raise_at, CASE k.kind WHEN 1 THEN l.reorder_point END, c.raise_at, d.raise_at,
                    CASE k.kind WHEN 2 THEN 0 END) AS raise_at,
                coalesce(a.resolve_at, b.resolve_at, CASE k.kind WHEN 1 THEN l.reorder_point + 1 + greatest(1, l.reorder_point / 10) END,
                    c.resolve_at, d.resolve_at, CASE k.kind WHEN 2 THEN 2 END) AS resolve_at
            FROM level l CROSS JOIN (VALUES (1::smallint), (2::smallint), (3::smallint)) AS k (kind)
            LEFT JOIN alert_threshold a ON a.kind = k.kind AND a.item_id = l.item_id AND a.warehouse_id = l.warehouse_id
            LEFT JOIN alert_threshold b ON b.kind = k.kind AND b.item_id = l.item_id AND b.warehouse_id IS NULL
            LEFT JOIN alert_threshold c ON c.kind = k.kind AND c.item_id IS NULL AND c.warehouse_id = l.warehouse_id
            LEFT JOIN alert_threshold d ON d.kind = k.kind AND d.item_id IS NULL AND d.warehouse_id IS NULL),
        judged AS MATERIALIZED (
            SELECT b.stock_id, 'stock_' || b.stock_id AS subject, b.kind, b.sku, b.warehouse, b.amount, b.raise_at,
                coalesce(b.counts AND CASE b.kind WHEN 3 THEN b.amount >= b.raise_at ELSE b.amount <= b.raise_at END, false) AS is_raised,
                coalesce(NOT b.counts OR CASE b.kind WHEN 3 THEN b.amount <= b.resolve_at ELSE b.amount >= b.resolve_at END, true) AS is_over
            FROM bound b),
        raised AS (
            INSERT INTO alert (kind, subject, sku, warehouse, amount, threshold)
            SELECT j.kind, j.subject, j.sku, j.warehouse, j.amount, j.raise_at FROM judged j
            WHERE j.is_raised AND NOT EXISTS (
                SELECT FROM alert o WHERE o.kind = j.kind AND o.subject = j.subject AND o.resolved_at IS NULL)
            ORDER BY j.stock_id, j.kind
            ON CONFLICT (kind, subject) WHERE resolved_at IS NULL DO NOTHING
            RETURNING 1),
        resolved AS (
            UPDATE alert t SET resolved_at = clock_timestamp(), revision = t.revision + 1, xid = pg_current_xact_id()
            FROM judged j
            WHERE j.is_over AND t.kind = j.kind AND t.subject = j.subject AND t.resolved_at IS NULL
            RETURNING 1)
        SELECT (SELECT count(*)::int FROM raised) AS raised, (SELECT count(*)::int FROM resolved) AS resolved
        """;

    /// <summary>Judges them in the caller's transaction.</summary>
    /// <param name="connection">In a transaction; until it ends nobody else judges.</param>
    /// <param name="stockIds">Rows that may have changed; those that are gone have no alert any more.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>How many alerts were raised, and how many resolved.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public static async Task<(int Raised, int Resolved)> ExecuteAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<long> stockIds,
        CancellationToken cancellation
    )
    {
        if (stockIds.Count == 0)
        {
            return (0, 0);
        }

        // Apart from the statement, whose snapshot must be younger than the lock.
        await connection.ExecuteAsync(new CommandDefinition(LockSql, cancellationToken: cancellation));
        return await connection.QuerySingleAsync<(int, int)>(
            new CommandDefinition(
                Sql,
                new { StockIds = stockIds.ToArray(), Subjects = stockIds.Select(Subject).ToArray() },
                cancellationToken: cancellation
            )
        );
    }

    private static string Subject(long stockId) => string.Create(CultureInfo.InvariantCulture, $"stock_{stockId}");
}
