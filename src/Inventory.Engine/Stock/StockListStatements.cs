using Dapper;
using Npgsql;

namespace Inventory.Engine.Stock;

/// <summary>
/// The statements of the lists, one each way to the rows: by item, by warehouse, or all. Each looks at so many, in the
/// order of their keys, and answers those that match beside how far it has looked.
/// </summary>
internal static class StockListStatements
{
    private const string ItemsSql = """
        -- stock.list_of_items
        WITH looked AS MATERIALIZED (
            SELECT s.stock_id, s.item_id, s.warehouse_id, s.discontinued, s.on_hand, s.reserved, s.damaged, s.quality_control, s.in_transit,
                s.safety_stock, s.waiting, s.available, s.version, s.revision
            FROM stock s
            WHERE s.item_id = ANY (@ItemIds) AND (@WarehouseIds::int[] IS NULL OR s.warehouse_id = ANY (@WarehouseIds))
                AND s.stock_id > @After
            ORDER BY s.stock_id LIMIT @Scan),
        matched AS MATERIALIZED (
            SELECT l.stock_id, i.sku, w.code AS warehouse, l.on_hand, l.reserved, l.damaged, l.quality_control, l.in_transit,
                l.safety_stock, l.waiting, l.version, l.revision, i.reorder_point, i.reorder_quantity
            FROM looked l JOIN item i ON i.item_id = l.item_id JOIN warehouse w ON w.warehouse_id = l.warehouse_id
            WHERE NOT @LowOnly OR (NOT l.discontinued AND greatest(l.available, 0) <= coalesce(@Threshold::bigint, i.reorder_point))
            ORDER BY l.stock_id LIMIT @Limit)
        SELECT e.looked, e.last, m.stock_id, m.sku, m.warehouse, m.on_hand, m.reserved, m.damaged, m.quality_control, m.in_transit,
            m.safety_stock, m.waiting, m.version, m.revision, m.reorder_point, m.reorder_quantity
        FROM (SELECT count(*)::int AS looked, coalesce(max(stock_id), 0) AS last FROM looked) e LEFT JOIN matched m ON true
        ORDER BY m.stock_id
        """;

    private const string WarehousesSql = """
        -- stock.list_of_warehouses
        WITH looked AS MATERIALIZED (
            SELECT h.stock_id, h.item_id, p.warehouse_id, h.discontinued, h.on_hand, h.reserved, h.damaged, h.quality_control, h.in_transit,
                h.safety_stock, h.waiting, h.available, h.version, h.revision
            FROM unnest(@WarehouseIds::int[]) AS p (warehouse_id), LATERAL (
                SELECT s.stock_id, s.item_id, s.discontinued, s.on_hand, s.reserved, s.damaged, s.quality_control, s.in_transit,
                    s.safety_stock, s.waiting, s.available, s.version, s.revision
                FROM stock s WHERE s.warehouse_id = p.warehouse_id AND s.stock_id > @After
                ORDER BY s.stock_id LIMIT @Scan) h
            ORDER BY h.stock_id LIMIT @Scan),
        matched AS MATERIALIZED (
            SELECT l.stock_id, i.sku, w.code AS warehouse, l.on_hand, l.reserved, l.damaged, l.quality_control, l.in_transit,
                l.safety_stock, l.waiting, l.version, l.revision, i.reorder_point, i.reorder_quantity
            FROM looked l JOIN item i ON i.item_id = l.item_id JOIN warehouse w ON w.warehouse_id = l.warehouse_id
            WHERE NOT @LowOnly OR (NOT l.discontinued AND greatest(l.available, 0) <= coalesce(@Threshold::bigint, i.reorder_point))
            ORDER BY l.stock_id LIMIT @Limit)
        SELECT e.looked, e.last, m.stock_id, m.sku, m.warehouse, m.on_hand, m.reserved, m.damaged, m.quality_control, m.in_transit,
            m.safety_stock, m.waiting, m.version, m.revision, m.reorder_point, m.reorder_quantity
        FROM (SELECT count(*)::int AS looked, coalesce(max(stock_id), 0) AS last FROM looked) e LEFT JOIN matched m ON true
        ORDER BY m.stock_id
        """;

    private const string AllSql = """
        -- stock.list_all
        WITH looked AS MATERIALIZED (
            SELECT s.stock_id, s.item_id, s.warehouse_id, s.discontinued, s.on_hand, s.reserved, s.damaged, s.quality_control, s.in_transit,
                s.safety_stock, s.waiting, s.available, s.version, s.revision
            FROM stock s WHERE s.stock_id > @After
            ORDER BY s.stock_id LIMIT @Scan),
        matched AS MATERIALIZED (
            SELECT l.stock_id, i.sku, w.code AS warehouse, l.on_hand, l.reserved, l.damaged, l.quality_control, l.in_transit,
                l.safety_stock, l.waiting, l.version, l.revision, i.reorder_point, i.reorder_quantity
            FROM looked l JOIN item i ON i.item_id = l.item_id JOIN warehouse w ON w.warehouse_id = l.warehouse_id
            WHERE NOT @LowOnly OR (NOT l.discontinued AND greatest(l.available, 0) <= coalesce(@Threshold::bigint, i.reorder_point))
            ORDER BY l.stock_id LIMIT @Limit)
        SELECT e.looked, e.last, m.stock_id, m.sku, m.warehouse, m.on_hand, m.reserved, m.damaged, m.quality_control, m.in_transit,
            m.safety_stock, m.waiting, m.version, m.revision, m.reorder_point, m.reorder_quantity
        FROM (SELECT count(*)::int AS looked, coalesce(max(stock_id), 0) AS last FROM looked) e LEFT JOIN matched m ON true
        ORDER BY m.stock_id
        """;

    /// <summary>Looks at the next rows.</summary>
    /// <returns>At least one element; where nothing matches it has no row.</returns>
    internal static async Task<List<StockListRow>> ExecuteAsync(
        NpgsqlConnection connection,
        StockListParameters parameters,
        CancellationToken cancellation
    )
    {
        var sql =
            parameters.ItemIds is not null ? ItemsSql
            : parameters.WarehouseIds is not null ? WarehousesSql
            : AllSql;
        var command = new CommandDefinition(sql, parameters, cancellationToken: cancellation);
        return (await connection.QueryAsync<StockListRow>(command)).AsList();
    }
}

/// <summary>The parameters of all ways; each takes what it needs.</summary>
internal sealed record StockListParameters
{
    public long[]? ItemIds { get; init; }

    /// <summary>Distinct.</summary>
    public int[]? WarehouseIds { get; init; }

    public bool LowOnly { get; init; }

    public long? Threshold { get; init; }

    /// <summary>The key of the last row that was looked at.</summary>
    public long After { get; init; }

    /// <summary>How many rows to look at.</summary>
    public int Scan { get; init; }

    /// <summary>How many to answer.</summary>
    public int Limit { get; init; }
}
