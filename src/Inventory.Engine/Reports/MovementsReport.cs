namespace Inventory.Engine.Reports;

/// <summary>
/// What came and went of each item at each warehouse in a time, by why; opening and all of it make closing. What there
/// was is reckoned back from what there is now, so that only the journal since the beginning is read. Rows that were
/// deleted since are told too. By SKU and warehouse.
/// </summary>
internal static class MovementsReport
{
    internal const string Sql = """
        -- reports.movements
        WITH
            place AS MATERIALIZED (
                SELECT s.stock_id, i.sku, i.name, i.category, w.code AS warehouse, s.on_hand
                FROM stock s JOIN item i ON i.item_id = s.item_id JOIN warehouse w ON w.warehouse_id = s.warehouse_id
                WHERE (@WarehouseIds::int[] IS NULL OR s.warehouse_id = ANY (@WarehouseIds::int[]))
                    AND (@Category::text IS NULL OR i.category = @Category::text)
                UNION ALL
                SELECT f.stock_id, f.sku, coalesce(i.name, ''), coalesce(i.category, ''), f.warehouse, 0
                FROM former_stock f LEFT JOIN item i ON i.item_id = f.item_id
                WHERE (@WarehouseIds::int[] IS NULL OR f.warehouse_id = ANY (@WarehouseIds::int[]))
                    AND (@Category::text IS NULL OR i.category = @Category::text)),
            moved AS MATERIALIZED (
                SELECT j.stock_id,
                    coalesce(sum(j.on_hand) FILTER (WHERE j.at >= @Before::timestamptz), 0)::bigint AS later,
                    coalesce(sum(j.on_hand) FILTER (WHERE j.at < @Before::timestamptz), 0)::bigint AS net,
                    coalesce(sum(j.on_hand) FILTER (WHERE j.at < @Before::timestamptz AND j.kind IN (7, 11)), 0)::bigint AS received,
                    coalesce(-sum(j.on_hand) FILTER (WHERE j.at < @Before::timestamptz AND j.kind IN (2, 42)), 0)::bigint AS sold,
                    coalesce(sum(j.on_hand) FILTER (WHERE j.at < @Before::timestamptz AND j.kind = 41), 0)::bigint AS returned,
                    coalesce(-sum(j.on_hand) FILTER (WHERE j.at < @Before::timestamptz AND j.kind = 8), 0)::bigint AS removed,
                    coalesce(sum(j.on_hand) FILTER (WHERE j.at < @Before::timestamptz AND j.kind BETWEEN 21 AND 24 AND j.on_hand > 0), 0)::bigint
                        AS transferred_in,
                    coalesce(-sum(j.on_hand) FILTER (WHERE j.at < @Before::timestamptz AND j.kind BETWEEN 21 AND 24 AND j.on_hand < 0), 0)::bigint
                        AS transferred_out,
                    coalesce(sum(j.on_hand) FILTER (WHERE j.at < @Before::timestamptz AND j.kind = 90), 0)::bigint AS counted
                FROM journal j WHERE j.at >= @From::timestamptz AND j.on_hand IS NOT NULL GROUP BY j.stock_id)
        SELECT p.sku, p.name, p.category, p.warehouse, p.on_hand - coalesce(m.later, 0) - coalesce(m.net, 0) AS opening,
            coalesce(m.received, 0) AS received, coalesce(m.sold, 0) AS sold, coalesce(m.returned, 0) AS returned, coalesce(m.removed, 0) AS removed,
            coalesce(m.transferred_in, 0) AS transferred_in, coalesce(m.transferred_out, 0) AS transferred_out, coalesce(m.counted, 0) AS counted,
            coalesce(m.net - m.received + m.sold - m.returned + m.removed - m.transferred_in + m.transferred_out - m.counted, 0) AS adjusted,
            p.on_hand - coalesce(m.later, 0) AS closing
        FROM place p LEFT JOIN moved m ON m.stock_id = p.stock_id
        WHERE m.stock_id IS NOT NULL OR p.on_hand <> 0
        ORDER BY p.sku, p.warehouse, p.stock_id LIMIT @Limit::bigint
        """;

    internal static readonly IReadOnlyList<ReportColumn> Columns =
    [
        new("sku", ReportColumnType.Text),
        new("name", ReportColumnType.Text),
        new("category", ReportColumnType.Text),
        new("warehouse", ReportColumnType.Text),
        new("opening", ReportColumnType.WholeNumber),
        new("received", ReportColumnType.WholeNumber),
        new("sold", ReportColumnType.WholeNumber),
        new("returned", ReportColumnType.WholeNumber),
        new("removed", ReportColumnType.WholeNumber),
        new("transferred_in", ReportColumnType.WholeNumber),
        new("transferred_out", ReportColumnType.WholeNumber),
        new("counted", ReportColumnType.WholeNumber),
        new("adjusted", ReportColumnType.WholeNumber),
        new("closing", ReportColumnType.WholeNumber),
    ];
}
