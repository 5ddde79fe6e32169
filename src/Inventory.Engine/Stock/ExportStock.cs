using System.Runtime.CompilerServices;
using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Stock;

/// <summary>
/// Reads all stock, or that of one warehouse, page by page in the order of its keys. Each page is as of its own moment:
/// a reader that takes its time holds no snapshot open, and nothing else up.
/// </summary>
public sealed class ExportStock(Cell cell)
{
    private const int PageSize = 2_000;

    private const string AllSql = """
        -- stock.export
        WITH page AS MATERIALIZED (
            SELECT s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.damaged, s.quality_control, s.in_transit,
                s.safety_stock, s.waiting, s.version, s.revision
            FROM stock s WHERE (s.item_id, s.warehouse_id) > (@ItemId, @WarehouseId)
            ORDER BY s.item_id, s.warehouse_id LIMIT @Limit)
        SELECT p.stock_id, p.item_id, p.warehouse_id, i.sku, w.code AS warehouse, p.on_hand, p.reserved, p.damaged,
            p.quality_control, p.in_transit, p.safety_stock, p.waiting, p.version, p.revision
        FROM page p JOIN item i ON i.item_id = p.item_id JOIN warehouse w ON w.warehouse_id = p.warehouse_id
        ORDER BY p.item_id, p.warehouse_id
        """;

    private const string WarehouseSql = """
        -- stock.export_warehouse
        WITH page AS MATERIALIZED (
            SELECT s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.damaged, s.quality_control, s.in_transit,
                s.safety_stock, s.waiting, s.version, s.revision
            FROM stock s WHERE s.item_id > @ItemId AND s.warehouse_id = @WarehouseId
            ORDER BY s.item_id LIMIT @Limit)
        SELECT p.stock_id, p.item_id, p.warehouse_id, i.sku, w.code AS warehouse, p.on_hand, p.reserved, p.damaged,
            p.quality_control, p.in_transit, p.safety_stock, p.waiting, p.version, p.revision
        FROM page p JOIN item i ON i.item_id = p.item_id JOIN warehouse w ON w.warehouse_id = p.warehouse_id
        ORDER BY p.item_id
        """;

    /// <summary>Reads the pages one after the other, as they are asked for.</summary>
    /// <param name="warehouse">One warehouse; none for all.</param>
    /// <param name="cancellation">Ends it between pages, and a page.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async IAsyncEnumerable<IReadOnlyList<StockRecord>> ExecuteAsync(
        WarehouseRow? warehouse,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var parameters = new PageParameters(0, warehouse?.WarehouseId ?? 0, PageSize);
        while (true)
        {
            var page = await ReadAsync(warehouse is null ? AllSql : WarehouseSql, parameters, cancellation);
            if (page.Count > 0)
            {
                yield return [.. page.Select(r => r.ToRecord())];
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            parameters = parameters with { ItemId = page[^1].ItemId, WarehouseId = page[^1].WarehouseId };
        }
    }

    private async Task<List<ExportRow>> ReadAsync(string sql, PageParameters parameters, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(sql, parameters, cancellationToken: cancellation);
        return (await connection.QueryAsync<ExportRow>(command)).AsList();
    }

    private sealed record PageParameters(long ItemId, int WarehouseId, int Limit);

    private sealed class ExportRow
    {
        public long StockId { get; init; }

        public long ItemId { get; init; }

        public int WarehouseId { get; init; }

        public required string Sku { get; init; }

        public required string Warehouse { get; init; }

        public long OnHand { get; init; }

        public long Reserved { get; init; }

        public long Damaged { get; init; }

        public long QualityControl { get; init; }

        public long InTransit { get; init; }

        public long SafetyStock { get; init; }

        public long Waiting { get; init; }

        public long Version { get; init; }

        public long Revision { get; init; }

        internal StockRecord ToRecord() =>
            new()
            {
                StockId = StockId,
                Sku = Sku,
                Warehouse = Warehouse,
                OnHand = OnHand,
                Reserved = Reserved,
                Damaged = Damaged,
                QualityControl = QualityControl,
                InTransit = InTransit,
                SafetyStock = SafetyStock,
                Waiting = Waiting,
                Version = Version,
                Revision = Revision,
            };
    }
}
