using Dapper;
using Inventory.Engine.Database;
using Npgsql;
using NpgsqlTypes;

namespace Inventory.Server.Demo;

/// <summary>Some thousand items with all that belongs to them, by COPY, in one transaction.</summary>
internal static class DemoStep
{
    // COPY gives no ids back, so they are drawn first. nextval in a list is in order.
    private const string ItemIdsSql = """
        -- demo.item_ids
        SELECT nextval(pg_get_serial_sequence('item', 'item_id')) FROM generate_series(1, @Count)
        """;

    private const string StockIdsSql = """
        -- demo.stock_ids
        SELECT nextval(pg_get_serial_sequence('stock', 'stock_id')) FROM generate_series(1, @Count)
        """;

    private const string NowSql = """
        -- demo.now
        SELECT clock_timestamp()
        """;

    private const string Items = """
        COPY item (item_id, sku, product_id, variant_id, name, category, description, price, price_currency, unit_cost,
            unit_cost_currency, reorder_point, reorder_quantity, safety_stock) FROM STDIN (FORMAT binary)
        """;
    private const string Barcodes = "COPY barcode (gtin, item_id) FROM STDIN (FORMAT binary)";
    private const string Stock = """
        COPY stock (stock_id, item_id, warehouse_id, on_hand, damaged, safety_stock, version)
            FROM STDIN (FORMAT binary)
        """;
    private const string Journal = """
        COPY journal (at, stock_id, version, on_hand, damaged, safety_stock, kind, actor, reason)
            FROM STDIN (FORMAT binary)
        """;

    private readonly record struct Row(long StockId, long ItemId, int WarehouseId, DemoShelf Shelf, long SafetyStock);

    public static async Task LoadAsync(
        NpgsqlConnection connection,
        IReadOnlyList<DemoItem> items,
        IReadOnlyDictionary<string, int> warehouses,
        CancellationToken cancellation
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var itemIds = await IdsAsync(connection, ItemIdsSql, items.Count);
        var stockIds = await IdsAsync(connection, StockIdsSql, items.Sum(i => i.Shelves.Count));
        Row[] rows =
        [
            .. items
                .Zip(itemIds)
                .SelectMany(i => i.First.Shelves.Select(shelf => (Item: i.First, ItemId: i.Second, Shelf: shelf)))
                .Zip(stockIds)
                .Select(s =>
                {
                    var (line, stockId) = s;
                    var warehouse = warehouses[line.Shelf.Warehouse];
                    return new Row(stockId, line.ItemId, warehouse, line.Shelf, line.Item.SafetyStock);
                }),
        ];
        var now = await connection.QuerySingleAsync<DateTime>(NowSql);

        await CopyAsync(connection, Items, items.Zip(itemIds), WriteItem, cancellation);
        await CopyAsync(connection, Barcodes, items.Zip(itemIds), WriteBarcode, cancellation);
        await CopyAsync(connection, Stock, rows, WriteStock, cancellation);
        await CopyAsync(connection, Journal, rows, (writer, row) => WriteJournal(writer, row, now), cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task<List<long>> IdsAsync(NpgsqlConnection connection, string sql, int count) =>
        [.. await connection.QueryAsync<long>(sql, new { Count = count })];

    /// <summary>Rows are written without waiting: the buffer flushes itself, and only the end is awaited.</summary>
    private static async Task CopyAsync<T>(
        NpgsqlConnection connection,
        string copy,
        IEnumerable<T> rows,
        Action<NpgsqlBinaryImporter, T> write,
        CancellationToken cancellation
    )
    {
        await using var writer = await connection.BeginBinaryImportAsync(copy, cancellation);
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            writer.StartRow();
            write(writer, row);
        }

        await writer.CompleteAsync(cancellation);
    }

    private static void WriteItem(NpgsqlBinaryImporter writer, (DemoItem Item, long Id) row)
    {
        var (item, id) = row;
        writer.Write(id, NpgsqlDbType.Bigint);
        writer.Write(item.Sku, NpgsqlDbType.Text);
        writer.Write(item.ProductId, NpgsqlDbType.Text);
        writer.Write(item.VariantId, NpgsqlDbType.Text);
        writer.Write(item.Name, NpgsqlDbType.Text);
        writer.Write(item.Category, NpgsqlDbType.Text);
        writer.Write(item.Description, NpgsqlDbType.Text);
        writer.Write(item.Price, NpgsqlDbType.Numeric);
        writer.Write(DemoItem.Currency, NpgsqlDbType.Text);
        writer.Write(item.UnitCost, NpgsqlDbType.Numeric);
        writer.Write(DemoItem.Currency, NpgsqlDbType.Text);
        writer.Write(item.ReorderPoint, NpgsqlDbType.Bigint);
        writer.Write(item.ReorderQuantity, NpgsqlDbType.Bigint);
        writer.Write(item.SafetyStock, NpgsqlDbType.Bigint);
    }

    private static void WriteBarcode(NpgsqlBinaryImporter writer, (DemoItem Item, long Id) row)
    {
        writer.Write(row.Item.Gtin, NpgsqlDbType.Text);
        writer.Write(row.Id, NpgsqlDbType.Bigint);
    }

    private static void WriteStock(NpgsqlBinaryImporter writer, Row row)
    {
        writer.Write(row.StockId, NpgsqlDbType.Bigint);
        writer.Write(row.ItemId, NpgsqlDbType.Bigint);
        writer.Write(row.WarehouseId, NpgsqlDbType.Integer);
        writer.Write(row.Shelf.OnHand, NpgsqlDbType.Bigint);
        writer.Write(row.Shelf.Damaged, NpgsqlDbType.Bigint);
        writer.Write(row.SafetyStock, NpgsqlDbType.Bigint);
        writer.Write(1L, NpgsqlDbType.Bigint);
    }

    private static void WriteJournal(NpgsqlBinaryImporter writer, Row row, DateTime now)
    {
        writer.Write(now, NpgsqlDbType.TimestampTz);
        writer.Write(row.StockId, NpgsqlDbType.Bigint);
        writer.Write(1L, NpgsqlDbType.Bigint);
        WriteDelta(writer, row.Shelf.OnHand);
        WriteDelta(writer, row.Shelf.Damaged);
        WriteDelta(writer, row.SafetyStock);
        writer.Write((short)JournalKind.Opened, NpgsqlDbType.Smallint);
        writer.Write("demo", NpgsqlDbType.Text);
        writer.Write("opening balance", NpgsqlDbType.Text);
    }

    private static void WriteDelta(NpgsqlBinaryImporter writer, long delta)
    {
        if (delta == 0)
        {
            writer.WriteNull();
        }
        else
        {
            writer.Write(delta, NpgsqlDbType.Bigint);
        }
    }
}
