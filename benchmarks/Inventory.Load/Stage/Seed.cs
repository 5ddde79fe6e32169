using Dapper;
using Npgsql;

namespace Inventory.Load.Stage;

/// <summary>
/// The items that are drawn from: SKU-000000000001 and on, each with a stock row in each warehouse W1, W2, … that no
/// run can sell out; stock ids count from 1 in the same order. Item 0 is sold out. Journal and stock agree from the
/// start.
/// </summary>
internal static class Seed
{
    private const string Sql = """
        -- bench.seed
        INSERT INTO warehouse (code, name) SELECT 'W' || n, 'Warehouse ' || n FROM generate_series(1, @Warehouses) n;
        INSERT INTO item (sku, name) SELECT 'SKU-' || lpad(n::text, 12, '0'), 'Item ' || n FROM generate_series(1, @Items) n;
        INSERT INTO item (sku, name) VALUES ('SKU-000000000000', 'Sold out');
        INSERT INTO stock (item_id, warehouse_id, on_hand, version)
        SELECT item_id, warehouse_id, CASE WHEN name = 'Sold out' THEN 0 ELSE 1000000000 END, 1
        FROM item, (SELECT warehouse_id FROM warehouse) w ORDER BY item_id, warehouse_id;
        INSERT INTO journal (at, stock_id, version, on_hand, kind, actor)
        SELECT clock_timestamp(), stock_id, 1, on_hand, 11, 'bench' FROM stock ORDER BY stock_id
        """;

    private const string VacuumSql = """
        -- bench.vacuum
        VACUUM (ANALYZE)
        """;

    public static async Task PlantAsync(NpgsqlDataSource tables, int items, int warehouses)
    {
        await using var connection = await tables.OpenConnectionAsync();
        await connection.ExecuteAsync(Sql, new { Items = items, Warehouses = warehouses }, commandTimeout: 600);
        await connection.ExecuteAsync(VacuumSql, commandTimeout: 600);
    }
}
