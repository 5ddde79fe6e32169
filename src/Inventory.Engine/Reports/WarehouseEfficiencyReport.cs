namespace Inventory.Engine.Reports;

/// <summary>
/// Of each warehouse, in a time: what of the held units that ended was sold (fill rate), transfers that left, arrived
/// and lost something, and how much of what was counted was as expected. Requests that were refused held nothing, and
/// are not known here. By warehouse.
/// </summary>
internal static class WarehouseEfficiencyReport
{
    internal const string Sql = """
        -- reports.warehouse_efficiency
        WITH place AS MATERIALIZED (
                SELECT s.stock_id, s.warehouse_id FROM stock s JOIN item i ON i.item_id = s.item_id
                WHERE @Category::text IS NULL OR i.category = @Category::text
                UNION ALL
                SELECT f.stock_id, f.warehouse_id FROM former_stock f LEFT JOIN item i ON i.item_id = f.item_id
                WHERE @Category::text IS NULL OR i.category = @Category::text),
            filled AS MATERIALIZED (
                SELECT p.warehouse_id, coalesce(sum(j.reserved) FILTER (WHERE j.kind IN (1, 51)), 0) AS held,
                    coalesce(-sum(j.on_hand) FILTER (WHERE j.kind IN (2, 42)), 0) AS sold,
                    coalesce(-sum(j.reserved) FILTER (WHERE j.kind IN (4, 5, 6, 40)), 0) AS lapsed
                FROM journal j JOIN place p ON p.stock_id = j.stock_id
                WHERE j.at >= @From::timestamptz AND j.at < @Before::timestamptz AND j.kind IN (1, 2, 4, 5, 6, 40, 42, 51)
                GROUP BY p.warehouse_id),
            sent AS MATERIALIZED (
                SELECT t.from_warehouse_id AS warehouse_id, count(*) AS transfers, sum(t.quantity) AS units
                FROM transfer t LEFT JOIN item i ON i.item_id = t.item_id
                WHERE t.shipped_at >= @From::timestamptz AND t.shipped_at < @Before::timestamptz
                    AND (@Category::text IS NULL OR i.category = @Category::text)
                GROUP BY t.from_warehouse_id),
            arrived AS MATERIALIZED (
                SELECT t.to_warehouse_id AS warehouse_id, count(*) AS transfers, sum(t.received) AS units, sum(t.lost) AS lost,
                    avg(extract(epoch FROM t.ended_at - t.shipped_at)) / 3600 AS hours
                FROM transfer t LEFT JOIN item i ON i.item_id = t.item_id
                WHERE t.state = 3 AND t.ended_at >= @From::timestamptz AND t.ended_at < @Before::timestamptz
                    AND (@Category::text IS NULL OR i.category = @Category::text)
                GROUP BY t.to_warehouse_id),
            counted AS MATERIALIZED (
                SELECT c.warehouse_id, count(*) AS lines, count(*) FILTER (WHERE l.counted = l.expected) AS exact, sum(l.expected) AS expected,
                    sum(abs(l.counted - l.expected)) AS off
                FROM count_line l JOIN stock_count c ON c.count_id = l.count_id LEFT JOIN item i ON i.item_id = l.item_id
                WHERE l.counted_at >= @From::timestamptz AND l.counted_at < @Before::timestamptz
                    AND (@Category::text IS NULL OR i.category = @Category::text)
                GROUP BY c.warehouse_id)
        SELECT w.code AS warehouse, coalesce(f.held, 0)::bigint AS units_held, coalesce(f.sold, 0)::bigint AS units_sold,
            coalesce(f.lapsed, 0)::bigint AS units_lapsed, round(f.sold / nullif(f.sold + f.lapsed, 0), 4)::text AS fill_rate,
            coalesce(s.transfers, 0) AS transfers_sent, coalesce(s.units, 0)::bigint AS units_sent, coalesce(a.transfers, 0) AS transfers_arrived,
            coalesce(a.units, 0)::bigint AS units_arrived, coalesce(a.lost, 0)::bigint AS units_lost, round(a.hours, 1)::text AS transit_hours,
            coalesce(c.lines, 0) AS lines_counted, coalesce(c.exact, 0) AS lines_exact, round(c.exact::numeric / nullif(c.lines, 0), 4)::text AS line_accuracy,
            coalesce(c.off, 0)::bigint AS units_off, round(1 - c.off / nullif(c.expected, 0), 4)::text AS unit_accuracy
        FROM warehouse w LEFT JOIN filled f ON f.warehouse_id = w.warehouse_id LEFT JOIN sent s ON s.warehouse_id = w.warehouse_id
        LEFT JOIN arrived a ON a.warehouse_id = w.warehouse_id LEFT JOIN counted c ON c.warehouse_id = w.warehouse_id
        WHERE @WarehouseIds::int[] IS NULL OR w.warehouse_id = ANY (@WarehouseIds::int[])
        ORDER BY w.code LIMIT @Limit::bigint
        """;

    internal static readonly IReadOnlyList<ReportColumn> Columns =
    [
        new("warehouse", ReportColumnType.Text),
        new("units_held", ReportColumnType.WholeNumber),
        new("units_sold", ReportColumnType.WholeNumber),
        new("units_lapsed", ReportColumnType.WholeNumber),
        new("fill_rate", ReportColumnType.DecimalNumber),
        new("transfers_sent", ReportColumnType.WholeNumber),
        new("units_sent", ReportColumnType.WholeNumber),
        new("transfers_arrived", ReportColumnType.WholeNumber),
        new("units_arrived", ReportColumnType.WholeNumber),
        new("units_lost", ReportColumnType.WholeNumber),
        new("transit_hours", ReportColumnType.DecimalNumber),
        new("lines_counted", ReportColumnType.WholeNumber),
        new("lines_exact", ReportColumnType.WholeNumber),
        new("line_accuracy", ReportColumnType.DecimalNumber),
        new("units_off", ReportColumnType.WholeNumber),
        new("unit_accuracy", ReportColumnType.DecimalNumber),
    ];
}
