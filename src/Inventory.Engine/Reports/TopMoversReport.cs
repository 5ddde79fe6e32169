namespace Inventory.Engine.Reports;

/// <summary>
/// What sold most in a time, less what came back; beside it the time before, of the same length, and the change from
/// it. Sales are at the item's price of now. The best first.
/// </summary>
internal static class TopMoversReport
{
    internal const string Sql = """
        -- reports.top_movers
        WITH
            place AS MATERIALIZED (
                SELECT s.stock_id, i.sku, i.name, i.category, w.code AS warehouse, s.on_hand, i.price, i.price_currency
                FROM stock s JOIN item i ON i.item_id = s.item_id JOIN warehouse w ON w.warehouse_id = s.warehouse_id
                WHERE (@WarehouseIds::int[] IS NULL OR s.warehouse_id = ANY (@WarehouseIds::int[]))
                    AND (@Category::text IS NULL OR i.category = @Category::text)
                UNION ALL
                SELECT f.stock_id, f.sku, coalesce(i.name, ''), coalesce(i.category, ''), f.warehouse, 0, i.price, i.price_currency
                FROM former_stock f LEFT JOIN item i ON i.item_id = f.item_id
                WHERE (@WarehouseIds::int[] IS NULL OR f.warehouse_id = ANY (@WarehouseIds::int[]))
                    AND (@Category::text IS NULL OR i.category = @Category::text)),
            total AS MATERIALIZED (
                SELECT p.sku, p.name, p.category, p.price, p.price_currency,
                    coalesce(-sum(j.on_hand) FILTER (WHERE j.at >= @From::timestamptz AND j.kind <> 41), 0) AS sold,
                    coalesce(sum(j.on_hand) FILTER (WHERE j.at >= @From::timestamptz AND j.kind = 41), 0) AS returned,
                    coalesce(-sum(j.on_hand) FILTER (WHERE j.at < @From::timestamptz), 0) AS before
                FROM journal j JOIN place p ON p.stock_id = j.stock_id
                WHERE j.at >= @From::timestamptz - (@Before::timestamptz - @From::timestamptz) AND j.at < @Before::timestamptz
                    AND j.kind IN (2, 41, 42) AND j.on_hand IS NOT NULL
                GROUP BY p.sku, p.name, p.category, p.price, p.price_currency)
        SELECT rank() OVER (ORDER BY t.sold - t.returned DESC) AS rank, t.sku, t.name, t.category, t.sold::bigint, t.returned::bigint,
            (t.sold - t.returned)::bigint AS net, t.before::bigint AS net_before,
            round((t.sold - t.returned - t.before) / nullif(t.before, 0), 4)::text AS change, trim_scale((t.sold - t.returned) * t.price)::text AS sales,
            t.price_currency AS currency
        FROM total t WHERE t.sold <> 0 OR t.returned <> 0
        ORDER BY t.sold - t.returned DESC, t.sku LIMIT @Limit::bigint
        """;

    internal static readonly IReadOnlyList<ReportColumn> Columns =
    [
        new("rank", ReportColumnType.WholeNumber),
        new("sku", ReportColumnType.Text),
        new("name", ReportColumnType.Text),
        new("category", ReportColumnType.Text),
        new("sold", ReportColumnType.WholeNumber),
        new("returned", ReportColumnType.WholeNumber),
        new("net", ReportColumnType.WholeNumber),
        new("net_before", ReportColumnType.WholeNumber),
        new("change", ReportColumnType.DecimalNumber),
        new("sales", ReportColumnType.DecimalNumber),
        new("currency", ReportColumnType.Text),
    ];
}
