using Dapper;
using Npgsql;

namespace Inventory.Faults.Followers;

/// <summary>
/// What followers have made of the journal, judged by the journal alone and by none of the engine's code. Asked when
/// nothing is left to follow.
/// </summary>
internal static class FollowerTables
{
    // Days are written at every 48th version of a row, at versions of its own, for all that is up to the last of those.
    private const string DaysSql = """
        -- test.days
        WITH due AS (
            SELECT j.stock_id, (j.at AT TIME ZONE 'UTC')::date AS day, coalesce(j.on_hand, 0) AS on_hand, coalesce(j.reserved, 0) AS reserved
            FROM journal j JOIN stock s ON s.stock_id = j.stock_id WHERE j.version <= s.version - (s.stock_id + s.version) % 48),
        written AS (
            SELECT stock_id, day, count(*) AS changes, sum(greatest(on_hand, 0)) AS received, sum(greatest(-on_hand, 0)) AS removed,
                sum(greatest(reserved, 0)) AS held
            FROM due GROUP BY 1, 2)
        SELECT format('stock %s on %s: %s changes (+%s -%s, %s held) in the journal, %s (+%s -%s, %s held) in its days', stock_id, day,
            w.changes, w.received, w.removed, w.held, d.changes, d.received, d.removed, d.held)
        FROM written w FULL JOIN stock_daily d USING (stock_id, day)
        WHERE (w.changes, w.received, w.removed, w.held) IS DISTINCT FROM (d.changes::numeric, d.received::numeric, d.removed::numeric, d.held::numeric)
        UNION ALL
        SELECT format('stock %s: the last of its days ends with %s (%s reserved), and it had %s (%s)', s.stock_id, d.on_hand, d.reserved,
            s.on_hand, s.reserved)
        FROM (SELECT stock_id, sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM due GROUP BY 1) s CROSS JOIN LATERAL (
            SELECT e.on_hand, e.reserved FROM stock_daily e WHERE e.stock_id = s.stock_id ORDER BY e.day DESC LIMIT 1) d
        WHERE (d.on_hand, d.reserved) IS DISTINCT FROM (s.on_hand, s.reserved)
        """;

    // An order fills up to the maximum, so the next one is due when as much as lies between maximum and point has gone:
    // if less has, it answers a need that had been answered. A change counts from a moment earlier, for its time
    // is from before its commit.
    private const string ReordersSql = """
        -- test.reorders
        SELECT format('reorder %s of %s: %s at a position of %s, the last one %s before', r.reorder_id, r.sku, r.quantity, r.position,
            r.created_at - r.before)
        FROM (
            SELECT o.reorder_id, o.item_id, o.warehouse_id, o.sku, o.quantity, o.position, o.reorder_point, o.created_at, p.order_up_to,
                lag(o.created_at) OVER (PARTITION BY o.item_id ORDER BY o.created_at, o.reorder_id) AS before
            FROM reorder o JOIN reorder_policy p ON p.item_id = o.item_id AND p.warehouse_id = o.warehouse_id) r
        JOIN stock s ON s.item_id = r.item_id AND s.warehouse_id = r.warehouse_id
        WHERE r.position > r.reorder_point OR r.quantity <> r.order_up_to - r.position
            OR (SELECT sum(greatest(coalesce(j.reserved, 0) - coalesce(j.on_hand, 0), 0)) FROM journal j
                WHERE j.stock_id = s.stock_id AND j.at BETWEEN r.before - interval '1 second' AND r.created_at) < r.order_up_to - r.reorder_point
        UNION ALL
        SELECT format('%s: %s available and %s on order, and the point is %s', i.sku, s.available, coalesce(o.outstanding, 0), p.reorder_point)
        FROM reorder_policy p JOIN item i ON i.item_id = p.item_id
        JOIN stock s ON s.item_id = p.item_id AND s.warehouse_id = p.warehouse_id
        LEFT JOIN (SELECT item_id, sum(quantity - received) AS outstanding FROM reorder WHERE state = 2 GROUP BY item_id) o
            ON o.item_id = p.item_id
        WHERE s.available + coalesce(o.outstanding, 0) <= p.reorder_point
        """;

    private const string ScansSql = """
        -- test.scans
        SELECT format('scan %s of %s: state %s, %s changes of stock', c.sequence, c.device_id, c.state, count(j.position))
        FROM scan c LEFT JOIN journal j ON j.document = c.scan_id
        GROUP BY c.scan_id HAVING c.state <> 1 OR count(j.position) <> 1 OR sum(j.on_hand) <> 1
        """;

    private const string LevelsSql = """
        -- test.levels
        SELECT j.stock_id, sum(coalesce(j.on_hand, 0) - coalesce(j.reserved, 0)) OVER (PARTITION BY j.stock_id ORDER BY j.version)::bigint AS available
        FROM journal j JOIN stock s ON s.stock_id = j.stock_id JOIN item i ON i.item_id = s.item_id
        WHERE i.sku = ANY (@Skus) ORDER BY j.stock_id, j.version
        """;

    private const string AlertsSql = """
        -- test.alerts
        SELECT count(*) AS raised, count(*) FILTER (WHERE a.resolved_at IS NULL) AS open FROM alert a
        WHERE a.kind = 1 AND a.subject = 'stock_' || @StockId::bigint
        """;

    /// <summary>Days that are not what the journal says of them.</summary>
    public static Task<IReadOnlyList<string>> DaysAsync(NpgsqlDataSource tables) => ListAsync(tables, DaysSql);

    /// <summary>Needs that were answered twice, or not at all. Policies are automatic and have a maximum.</summary>
    public static Task<IReadOnlyList<string>> ReordersAsync(NpgsqlDataSource tables) => ListAsync(tables, ReordersSql);

    /// <summary>Scans of one piece that came in which did not move one piece once.</summary>
    public static Task<IReadOnlyList<string>> ScansAsync(NpgsqlDataSource tables) => ListAsync(tables, ScansSql);

    /// <summary>
    /// Low stock whose alert is missing, or was raised more often than it came to that: down to where it is raised,
    /// after it had been up to where it is over.
    /// </summary>
    public static async Task<IReadOnlyList<string>> AlertsAsync(
        NpgsqlDataSource tables,
        IReadOnlyList<string> skus,
        long raiseAt,
        long resolveAt
    )
    {
        await using var connection = await tables.OpenConnectionAsync();
        var levels = await connection.QueryAsync<(long StockId, long Available)>(
            LevelsSql,
            new { Skus = skus.ToArray() }
        );
        var wrong = new List<string>();
        foreach (var row in levels.GroupBy(l => l.StockId))
        {
            var (raised, open) = await connection.QuerySingleAsync<(long Raised, long Open)>(
                AlertsSql,
                new { StockId = row.Key }
            );
            var falls = Falls([.. row.Select(l => l.Available)], raiseAt, resolveAt);
            var last = row.Last().Available;
            var isRight =
                last <= raiseAt ? open == 1
                : last < resolveAt ? open <= 1
                : open == 0;
            if (!isRight || raised == 0 || raised > falls)
            {
                wrong.Add($"stock {row.Key}: {last} are available, {open} open of {raised} raised, {falls} falls");
            }
        }

        return wrong;
    }

    private static int Falls(IReadOnlyList<long> levels, long raiseAt, long resolveAt)
    {
        var (falls, isLow) = (0, false);
        foreach (var level in levels)
        {
            falls += !isLow && level <= raiseAt ? 1 : 0;
            isLow = level <= raiseAt || isLow && level < resolveAt;
        }

        return falls;
    }

    private static async Task<IReadOnlyList<string>> ListAsync(NpgsqlDataSource tables, string sql)
    {
        await using var connection = await tables.OpenConnectionAsync();
        return (await connection.QueryAsync<string>(sql)).AsList();
    }
}
