namespace Inventory.Engine.Reports;

/// <summary>
/// What there is now of each item at each warehouse, and its value at the item's unit cost. By SKU and warehouse.
/// </summary>
internal static class StockLevelsReport
{
    internal const string Sql = """
        -- reports.stock_levels
        SELECT i.sku, i.name, i.category, w.code AS warehouse, s.on_hand, s.reserved, s.damaged, s.quality_control, s.in_transit, s.safety_stock,
            greatest(s.available, 0) AS available, trim_scale(i.unit_cost)::text AS unit_cost, trim_scale(s.on_hand * i.unit_cost)::text AS value,
            i.unit_cost_currency AS currency
        FROM stock s JOIN item i ON i.item_id = s.item_id JOIN warehouse w ON w.warehouse_id = s.warehouse_id
        WHERE (@WarehouseIds::int[] IS NULL OR s.warehouse_id = ANY (@WarehouseIds::int[]))
            AND (@Category::text IS NULL OR i.category = @Category::text)
        ORDER BY i.sku, w.code LIMIT @Limit::bigint
        """;

    internal static readonly IReadOnlyList<ReportColumn> Columns =
    [
        new("sku", ReportColumnType.Text),
        new("name", ReportColumnType.Text),
        new("category", ReportColumnType.Text),
        new("warehouse", ReportColumnType.Text),
        new("on_hand", ReportColumnType.WholeNumber),
        new("reserved", ReportColumnType.WholeNumber),
        new("damaged", ReportColumnType.WholeNumber),
        new("quality_control", ReportColumnType.WholeNumber),
        new("in_transit", ReportColumnType.WholeNumber),
        new("safety_stock", ReportColumnType.WholeNumber),
        new("available", ReportColumnType.WholeNumber),
        new("unit_cost", ReportColumnType.DecimalNumber),
        new("value", ReportColumnType.DecimalNumber),
        new("currency", ReportColumnType.Text),
    ];
}
