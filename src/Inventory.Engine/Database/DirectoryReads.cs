using Dapper;
using Npgsql;

namespace Inventory.Engine.Database;

/// <summary>The statements of <see cref="StockDirectory"/>.</summary>
internal static class DirectoryReads
{
    // Two steps, each by its keys: the lanes' planner has no nested loops, and would read all stock for one join.
    private const string ItemsSql = """
        -- database.items
        WITH found AS MATERIALIZED (
            SELECT item_id, sku, kit, discontinued FROM item WHERE sku = ANY (@Skus)
            UNION
            SELECT item_id, sku, kit, discontinued FROM item WHERE item_id = ANY (@ItemIds)),
        place AS MATERIALIZED (
            SELECT s.item_id, array_agg(s.stock_id) AS stock_ids, array_agg(s.warehouse_id) AS warehouse_ids
            FROM stock s WHERE s.item_id = ANY (ARRAY(SELECT item_id FROM found)) GROUP BY s.item_id),
        component AS MATERIALIZED (
            SELECT c.kit_id, c.component_id, c.quantity FROM kit_component c
            WHERE c.kit_id = ANY (ARRAY(SELECT item_id FROM found WHERE kit))),
        part AS MATERIALIZED (
            SELECT i.item_id, i.sku FROM item i WHERE i.item_id = ANY (ARRAY(SELECT DISTINCT component_id FROM component))),
        kit AS MATERIALIZED (
            SELECT c.kit_id, array_agg(c.component_id ORDER BY p.sku) AS part_ids, array_agg(p.sku ORDER BY p.sku) AS part_skus,
                array_agg(c.quantity ORDER BY p.sku) AS part_quantities
            FROM component c JOIN part p ON p.item_id = c.component_id GROUP BY c.kit_id)
        SELECT f.item_id, f.sku, coalesce(r.stock_ids, '{}') AS stock_ids, coalesce(r.warehouse_ids, '{}') AS warehouse_ids,
            f.kit AND f.discontinued AS kit_discontinued, k.part_ids, k.part_skus, k.part_quantities
        FROM found f LEFT JOIN place r ON r.item_id = f.item_id LEFT JOIN kit k ON k.kit_id = f.item_id
        """;

    // Rows that are gone are still named by reservations and by the journal.
    private const string OwnersSql = """
        -- database.owners
        WITH place AS MATERIALIZED (
            SELECT stock_id, item_id, warehouse_id FROM stock WHERE stock_id = ANY (@StockIds)),
        owner AS MATERIALIZED (
            SELECT item_id, sku FROM item WHERE item_id = ANY (ARRAY(SELECT DISTINCT item_id FROM place))),
        site AS MATERIALIZED (
            SELECT warehouse_id, code FROM warehouse WHERE warehouse_id = ANY (ARRAY(SELECT DISTINCT warehouse_id FROM place)))
        SELECT r.stock_id, o.sku, w.code AS warehouse
        FROM place r JOIN owner o ON o.item_id = r.item_id JOIN site w ON w.warehouse_id = r.warehouse_id
        UNION ALL
        SELECT stock_id, sku, warehouse FROM former_stock WHERE stock_id = ANY (@StockIds)
        """;

    // The items that went of late, and the kits that are made of something else now, come with the warehouses. A minute
    // is longer than a statement may take to commit.
    private const string WarehousesSql = """
        -- database.warehouses
        SELECT warehouse_id, code, priority, active FROM warehouse;
        -- database.gone_items
        SELECT item_id, sku FROM former_item WHERE removed_at > clock_timestamp() - interval '1 minute'
        UNION ALL
        SELECT item_id, sku FROM item WHERE kit AND updated_at > (SELECT clock_timestamp()) - interval '1 minute'
        """;

    /// <summary>Items by SKU and by id.</summary>
    internal static async Task<List<ItemRow>> ItemsAsync(NpgsqlConnection connection, string[] skus, long[] itemIds) =>
        (await connection.QueryAsync<ItemRow>(ItemsSql, new { Skus = skus, ItemIds = itemIds })).AsList();

    internal static Task<IEnumerable<(long StockId, string Sku, string Warehouse)>> OwnersAsync(
        NpgsqlConnection connection,
        long[] stockIds
    ) => connection.QueryAsync<(long StockId, string Sku, string Warehouse)>(OwnersSql, new { StockIds = stockIds });

    /// <summary>All warehouses: they are few. And the items that went of late.</summary>
    internal static async Task<(List<WarehouseRow> Rows, List<(long ItemId, string Sku)> Gone)> WarehousesAsync(
        NpgsqlConnection connection
    )
    {
        await using var results = await connection.QueryMultipleAsync(WarehousesSql);
        var rows = (await results.ReadAsync<WarehouseRow>()).AsList();
        return (rows, (await results.ReadAsync<(long ItemId, string Sku)>()).AsList());
    }

    // Properties, not a constructor: Npgsql reports every array as System.Array, which matches no parameter.
    internal sealed class ItemRow
    {
        public long ItemId { get; init; }

        public required string Sku { get; init; }

        public long[] StockIds { get; init; } = [];

        public int[] WarehouseIds { get; init; } = [];

        public bool KitDiscontinued { get; init; }

        public long[]? PartIds { get; init; }

        public string[]? PartSkus { get; init; }

        public long[]? PartQuantities { get; init; }

        internal ItemRows ToItem() =>
            new(ItemId, Sku, [.. StockIds.Zip(WarehouseIds, (s, w) => new StockRow(s, w))])
            {
                Parts = [.. (PartIds ?? []).Select((id, i) => new KitPart(id, PartSkus![i], PartQuantities![i]))],
                KitDiscontinued = KitDiscontinued,
            };
    }
}
