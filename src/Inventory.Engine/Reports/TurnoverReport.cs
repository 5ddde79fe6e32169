namespace Inventory.Engine.Reports;

/// <summary>
/// How often the stock of each item was sold through in a time: what was sold less what came back, by the mean of
/// opening and closing. Days of supply: closing by what was sold a day. Nothing stands where the divisor is 0. By SKU.
/// </summary>
internal static class TurnoverReport
{
    internal const string Sql = """
        -- reports.turnover
        WITH
            place AS MATERIALIZED (
                SELECT s.stock_id, i.sku, i.name, i.category, w.code AS warehouse, s.on_hand, i.unit_cost, i.unit_cost_currency
                FROM stock s JOIN item i ON i.item_id = s.item_id JOIN warehouse w ON w.warehouse_id = s.warehouse_id
                WHERE (@WarehouseIds::int[] IS NULL OR s.warehouse_id = ANY (@WarehouseIds::int[]))
                    AND (@Category::text IS NULL OR i.category = @Category::text)
                UNION ALL
                SELECT f.stock_id, f.sku, coalesce(i.name, ''), coalesce(i.category, ''), f.warehouse, 0, i.unit_cost, i.unit_cost_currency
                FROM former_stock f LEFT JOIN item i ON i.item_id = f.item_id
                WHERE (@WarehouseIds::int[] IS NULL OR f.warehouse_id = ANY (@WarehouseIds::int[]))
                    AND (@Category::text IS NULL OR i.category = @Category::text)),
            moved AS MATERIALIZED (
                SELECT j.stock_id,
                    coalesce(sum(j.on_hand) FILTER (WHERE j.at >= @Before::timestamptz), 0) AS later,
                    coalesce(sum(j.on_hand) FILTER (WHERE j.at < @Before::timestamptz), 0) AS net,
                    coalesce(-sum(j.on_hand) FILTER (WHERE j.at < @Before::timestamptz AND j.kind IN (2, 42)), 0) AS sold,
                    coalesce(sum(j.on_hand) FILTER (WHERE j.at < @Before::timestamptz AND j.kind = 41), 0) AS returned
                FROM journal j WHERE j.at >= @From::timestamptz AND j.on_hand IS NOT NULL GROUP BY j.stock_id),
            total AS MATERIALIZED (
                SELECT p.sku, p.name, p.category, p.unit_cost, p.unit_cost_currency,
                    sum(p.on_hand - coalesce(m.later, 0) - coalesce(m.net, 0)) AS opening, sum(p.on_hand - coalesce(m.later, 0)) AS closing,
                    coalesce(sum(m.sold), 0) AS sold, coalesce(sum(m.returned), 0) AS returned
                FROM place p LEFT JOIN moved m ON m.stock_id = p.stock_id
                WHERE m.stock_id IS NOT NULL OR p.on_hand <> 0
                GROUP BY p.sku, p.name, p.category, p.unit_cost, p.unit_cost_currency)
        SELECT t.sku, t.name, t.category, t.opening::bigint, t.closing::bigint, t.sold::bigint, t.returned::bigint,
            trim_scale((t.opening + t.closing) / 2)::text AS average,
            round((t.sold - t.returned) / nullif((t.opening + t.closing) / 2, 0), 4)::text AS turnover,
            round(t.closing * extract(epoch FROM @Before::timestamptz - @From::timestamptz) / 86400 / nullif(greatest(t.sold - t.returned, 0), 0), 1)::text
                AS days_of_supply,
            trim_scale((t.sold - t.returned) * t.unit_cost)::text AS cost_of_sales, t.unit_cost_currency AS currency
        FROM total t ORDER BY t.sku LIMIT @Limit::bigint
        """;

    internal static readonly IReadOnlyList<ReportColumn> Columns =
    [
        new("sku", ReportColumnType.Text),
        new("name", ReportColumnType.Text),
        new("category", ReportColumnType.Text),
        new("opening", ReportColumnType.WholeNumber),
        new("closing", ReportColumnType.WholeNumber),
        new("sold", ReportColumnType.WholeNumber),
        new("returned", ReportColumnType.WholeNumber),
        new("average", ReportColumnType.DecimalNumber),
        new("turnover", ReportColumnType.DecimalNumber),
        new("days_of_supply", ReportColumnType.DecimalNumber),
        new("cost_of_sales", ReportColumnType.DecimalNumber),
        new("currency", ReportColumnType.Text),
    ];
}
