namespace Inventory.Engine.Reports;

/// <summary>
/// How long what is there now has been there: what came last is taken to be what is there still (first in, first out).
/// What was transferred in, came back or was found is as old as that. Dead is what was not sold in the time of the
/// report. By SKU and warehouse.
/// </summary>
internal static class AgeingReport
{
    internal const string Sql = """
        -- reports.ageing
        WITH shelf AS MATERIALIZED (
                SELECT s.stock_id, i.sku, i.name, i.category, w.code AS warehouse, s.on_hand, i.unit_cost, i.unit_cost_currency
                FROM stock s JOIN item i ON i.item_id = s.item_id JOIN warehouse w ON w.warehouse_id = s.warehouse_id
                WHERE s.on_hand > 0 AND (@WarehouseIds::int[] IS NULL OR s.warehouse_id = ANY (@WarehouseIds::int[]))
                    AND (@Category::text IS NULL OR i.category = @Category::text)),
            gain AS MATERIALIZED (
                SELECT j.stock_id, j.at, j.on_hand AS quantity,
                    sum(j.on_hand) OVER (PARTITION BY j.stock_id ORDER BY j.version DESC) - j.on_hand AS younger
                FROM journal j JOIN shelf s ON s.stock_id = j.stock_id WHERE j.on_hand > 0),
            layer AS MATERIALIZED (
                SELECT g.stock_id, g.at, least(g.quantity, s.on_hand - g.younger) AS quantity,
                    extract(epoch FROM @Now::timestamptz - g.at) / 86400 AS days
                FROM gain g JOIN shelf s ON s.stock_id = g.stock_id WHERE g.younger < s.on_hand),
            aged AS MATERIALIZED (
                SELECT l.stock_id, max(l.at) AS last_received,
                    coalesce(sum(l.quantity) FILTER (WHERE l.days < 30), 0)::bigint AS to_30,
                    coalesce(sum(l.quantity) FILTER (WHERE l.days >= 30 AND l.days < 60), 0)::bigint AS to_60,
                    coalesce(sum(l.quantity) FILTER (WHERE l.days >= 60 AND l.days < 90), 0)::bigint AS to_90,
                    coalesce(sum(l.quantity) FILTER (WHERE l.days >= 90 AND l.days < 180), 0)::bigint AS to_180,
                    coalesce(sum(l.quantity) FILTER (WHERE l.days >= 180 AND l.days < 365), 0)::bigint AS to_365,
                    coalesce(sum(l.quantity) FILTER (WHERE l.days >= 365), 0)::bigint AS older
                FROM layer l GROUP BY l.stock_id),
            sale AS MATERIALIZED (
                SELECT j.stock_id, max(j.at) AS last_sold, bool_or(j.at >= @From::timestamptz AND j.at < @Before::timestamptz) AS sells
                FROM journal j JOIN shelf s ON s.stock_id = j.stock_id WHERE j.kind IN (2, 42) AND j.on_hand < 0 GROUP BY j.stock_id)
        SELECT s.sku, s.name, s.category, s.warehouse, s.on_hand, coalesce(a.to_30, 0) AS days_0_to_30, coalesce(a.to_60, 0) AS days_30_to_60,
            coalesce(a.to_90, 0) AS days_60_to_90, coalesce(a.to_180, 0) AS days_90_to_180, coalesce(a.to_365, 0) AS days_180_to_365,
            coalesce(a.older, 0) AS days_365_and_more, a.last_received, e.last_sold, NOT coalesce(e.sells, false) AS dead,
            trim_scale(s.on_hand * s.unit_cost)::text AS value, s.unit_cost_currency AS currency
        FROM shelf s LEFT JOIN aged a ON a.stock_id = s.stock_id LEFT JOIN sale e ON e.stock_id = s.stock_id
        ORDER BY s.sku, s.warehouse LIMIT @Limit::bigint
        """;

    internal static readonly IReadOnlyList<ReportColumn> Columns =
    [
        new("sku", ReportColumnType.Text),
        new("name", ReportColumnType.Text),
        new("category", ReportColumnType.Text),
        new("warehouse", ReportColumnType.Text),
        new("on_hand", ReportColumnType.WholeNumber),
        new("days_0_to_30", ReportColumnType.WholeNumber),
        new("days_30_to_60", ReportColumnType.WholeNumber),
        new("days_60_to_90", ReportColumnType.WholeNumber),
        new("days_90_to_180", ReportColumnType.WholeNumber),
        new("days_180_to_365", ReportColumnType.WholeNumber),
        new("days_365_and_more", ReportColumnType.WholeNumber),
        new("last_received", ReportColumnType.Time),
        new("last_sold", ReportColumnType.Time),
        new("dead", ReportColumnType.Flag),
        new("value", ReportColumnType.DecimalNumber),
        new("currency", ReportColumnType.Text),
    ];
}
