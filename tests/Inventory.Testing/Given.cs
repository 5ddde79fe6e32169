using Dapper;
using Npgsql;

namespace Inventory.Testing;

/// <summary>
/// What is there before a test acts, written straight to the tables. A fresh SKU each time, so that tests on one
/// database don't meet; the journal gets its opening row, so that its sums hold from the start.
/// </summary>
public sealed class Given(NpgsqlDataSource tables)
{
    /// <summary>The warehouse of stock that names none.</summary>
    public const string MainWarehouse = "MAIN";

    private const string ItemSql = """
        -- given.item
        INSERT INTO item (sku, name, discontinued, safety_stock) VALUES (@Sku, @Sku, @Discontinued, @SafetyStock) ON CONFLICT DO NOTHING
        """;

    private const string WarehouseSql = """
        -- given.warehouse
        INSERT INTO warehouse (code, name, priority, active) VALUES (@Code, @Code, @Priority, @Active) ON CONFLICT DO NOTHING
        """;

    private const string StockSql = """
        -- given.stock
        WITH opened AS (
            INSERT INTO stock (item_id, warehouse_id, discontinued, on_hand, damaged, quality_control, safety_stock, version)
            SELECT i.item_id, w.warehouse_id, i.discontinued, @OnHand, @Damaged, @QualityControl, @SafetyStock,
                CASE WHEN @OnHand + @SafetyStock > 0 THEN 1 ELSE 0 END
            FROM item i, warehouse w WHERE i.sku = @Sku AND w.code = @Warehouse
            RETURNING stock_id, on_hand, damaged, quality_control, safety_stock, version)
        INSERT INTO journal (at, stock_id, version, on_hand, damaged, quality_control, safety_stock, kind, actor)
        SELECT clock_timestamp(), stock_id, 1, nullif(on_hand, 0), nullif(damaged, 0), nullif(quality_control, 0),
            nullif(safety_stock, 0), 11, 'given'
        FROM opened WHERE version = 1
        """;

    private const string KitSql = """
        -- given.kit
        WITH made AS (
            INSERT INTO item (sku, name, kit) VALUES (@Sku, @Sku, true) RETURNING item_id)
        INSERT INTO kit_component (kit_id, component_id, quantity)
        SELECT m.item_id, i.item_id, q.quantity
        FROM made m, unnest(@Parts::text[], @Quantities::bigint[]) AS q (sku, quantity) JOIN item i ON i.sku = q.sku
        """;

    private const string BarcodeSql = """
        -- given.barcode
        INSERT INTO barcode (gtin, item_id) SELECT lpad(@Barcode, 14, '0'), item_id FROM item WHERE sku = @Sku
        ON CONFLICT (gtin) DO UPDATE SET item_id = excluded.item_id
        """;

    private const string LapsedSql = """
        -- given.lapsed
        UPDATE reservation SET expires_at = clock_timestamp() - interval '1 second' WHERE reservation_id = @ReservationId
        """;

    /// <summary>
    /// Stock of a fresh SKU at <see cref="MainWarehouse"/>; or of the SKU and at the warehouse that are named, made if
    /// they are not there.
    /// </summary>
    /// <returns>The SKU.</returns>
    public async Task<string> Stock(
        long onHand,
        string? sku = null,
        string? warehouse = null,
        long safetyStock = 0,
        long damaged = 0,
        long qualityControl = 0,
        bool discontinued = false
    )
    {
        sku = await Item(sku, discontinued);
        warehouse = await Warehouse(warehouse ?? MainWarehouse);
        await Execute(
            StockSql,
            new
            {
                Sku = sku,
                Warehouse = warehouse,
                OnHand = onHand,
                Damaged = damaged,
                QualityControl = qualityControl,
                SafetyStock = safetyStock,
            }
        );
        return sku;
    }

    /// <summary>An item that no warehouse has stock of.</summary>
    /// <returns>Its SKU.</returns>
    public async Task<string> Item(string? sku = null, bool discontinued = false, long safetyStock = 0)
    {
        sku ??= Some.Sku();
        await Execute(
            ItemSql,
            new
            {
                Sku = sku,
                Discontinued = discontinued,
                SafetyStock = safetyStock,
            }
        );
        return sku;
    }

    /// <summary>A barcode of an item, which takes it from any other.</summary>
    /// <returns>Fourteen digits.</returns>
    public async Task<string> Barcode(string sku, string? barcode = null)
    {
        barcode ??= Some.Gtin13();
        await Execute(BarcodeSql, new { Sku = sku, Barcode = barcode });
        return barcode.PadLeft(14, '0');
    }

    /// <summary>A kit of items that there are.</summary>
    /// <returns>Its SKU.</returns>
    public async Task<string> Kit(params (string Sku, long Quantity)[] parts)
    {
        var sku = Some.Sku();
        await Execute(
            KitSql,
            new
            {
                Sku = sku,
                Parts = parts.Select(p => p.Sku).ToArray(),
                Quantities = parts.Select(p => p.Quantity).ToArray(),
            }
        );
        return sku;
    }

    /// <summary>A warehouse; of reservations that name none, the lowest priority is drawn on first.</summary>
    /// <returns>Its code.</returns>
    public async Task<string> Warehouse(string? code = null, int priority = 100, bool active = true)
    {
        code ??= Some.WarehouseCode();
        await Execute(
            WarehouseSql,
            new
            {
                Code = code,
                Priority = priority,
                Active = active,
            }
        );
        return code;
    }

    /// <summary>The time of a hold has come: its end is moved to a moment ago. No sweep has met it yet.</summary>
    /// <returns>Whether there is such a hold.</returns>
    public async Task<bool> Lapsed(Guid reservationId) =>
        await Execute(LapsedSql, new { ReservationId = reservationId }) > 0;

    private async Task<int> Execute(string sql, object parameters)
    {
        await using var connection = await tables.OpenConnectionAsync();
        return await connection.ExecuteAsync(sql, parameters);
    }
}
