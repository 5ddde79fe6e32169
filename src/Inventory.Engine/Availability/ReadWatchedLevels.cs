using System.Diagnostics;
using Dapper;
using Npgsql;

namespace Inventory.Engine.Availability;

/// <summary>The statements of <see cref="WatchAvailability"/>.</summary>
internal static class ReadWatchedLevels
{
    private const string LevelsSql = """
        -- availability.watch_levels
        WITH shelf AS MATERIALIZED (
            SELECT s.item_id, s.warehouse_id, s.version, s.on_hand, s.reserved, s.available, s.damaged, s.quality_control, s.in_transit,
                s.safety_stock, s.waiting
            FROM stock s WHERE s.item_id = ANY (@ItemIds)),
        site AS MATERIALIZED (
            SELECT warehouse_id, code FROM warehouse WHERE warehouse_id = ANY (ARRAY(SELECT DISTINCT warehouse_id FROM shelf)))
        SELECT i.item_id, i.sku, i.discontinued, s.warehouse_id, s.version, s.on_hand, s.reserved, s.available, s.damaged,
            s.quality_control, s.in_transit, s.safety_stock, s.waiting, statement_timestamp() AS as_of
        FROM item i
        LEFT JOIN shelf s ON s.item_id = i.item_id
        LEFT JOIN site w ON w.warehouse_id = s.warehouse_id
        WHERE i.item_id = ANY (@ItemIds)
        ORDER BY i.item_id, w.code COLLATE "C"
        """;

    // Which item and warehouse a stock row is of never changes, also when it is gone.
    private const string OwnersSql = """
        -- availability.watch_owners
        SELECT stock_id, item_id, warehouse_id FROM stock WHERE stock_id = ANY (@StockIds)
        UNION ALL
        SELECT stock_id, item_id, warehouse_id FROM former_stock WHERE stock_id = ANY (@StockIds)
        """;

    private const string WalkSql = """
        -- availability.watch_walk
        SELECT s.stock_id, s.item_id FROM stock s
        WHERE s.warehouse_id = @WarehouseId AND s.stock_id > @After ORDER BY s.stock_id LIMIT @Limit
        """;

    // Items that are gone have no SKU any more, except here.
    private const string FormerSql = """
        -- availability.watch_former
        SELECT item_id, sku FROM former_item WHERE item_id = ANY (@ItemIds)
        """;

    /// <summary>Items with all their stock, from one snapshot; of those that are gone, what is left to tell.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal static async Task<List<WatchedLevels>> LevelsAsync(
        NpgsqlConnection connection,
        long[] itemIds,
        CancellationToken cancellation
    )
    {
        var started = Stopwatch.GetTimestamp();
        var parameters = new { ItemIds = itemIds };
        var rows = (
            await connection.QueryAsync<WatchedRow>(
                new CommandDefinition(LevelsSql, parameters, cancellationToken: cancellation)
            )
        ).AsList();
        var skus = new Dictionary<long, string>(itemIds.Length);
        foreach (var row in rows)
        {
            skus[row.ItemId] = row.Sku;
        }

        var levels = LevelsRow
            .Group([.. rows], started)
            .Select(i => new WatchedLevels(skus[i.Key], FoundLevels.Read(i.Value)!.Value))
            .ToList();
        if (skus.Count < itemIds.Length)
        {
            var gone = new { ItemIds = itemIds.Where(id => !skus.ContainsKey(id)).ToArray() };
            var former = await connection.QueryAsync<(long ItemId, string Sku)>(
                new CommandDefinition(FormerSql, gone, cancellationToken: cancellation)
            );
            levels.AddRange(
                former.Select(f => new WatchedLevels(
                    f.Sku,
                    FoundLevels.Read(LevelsReading.Gone(f.ItemId, started))!.Value
                ))
            );
        }

        return levels;
    }

    /// <summary>The items and warehouses of stock rows.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal static Task<IEnumerable<(long StockId, long ItemId, int WarehouseId)>> OwnersAsync(
        NpgsqlConnection connection,
        long[] stockIds,
        CancellationToken cancellation
    ) =>
        connection.QueryAsync<(long StockId, long ItemId, int WarehouseId)>(
            new CommandDefinition(OwnersSql, new { StockIds = stockIds }, cancellationToken: cancellation)
        );

    /// <summary>The next stock rows of a warehouse, by id.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal static async Task<List<(long StockId, long ItemId)>> WalkAsync(
        NpgsqlConnection connection,
        int warehouseId,
        long after,
        int limit,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            WarehouseId = warehouseId,
            After = after,
            Limit = limit,
        };
        var rows = await connection.QueryAsync<(long StockId, long ItemId)>(
            new CommandDefinition(WalkSql, parameters, cancellationToken: cancellation)
        );
        return rows.AsList();
    }

    private sealed class WatchedRow : LevelsRow
    {
        public required string Sku { get; init; }
    }
}

/// <summary>An item as watchers share it: each is shown its own warehouses of it.</summary>
/// <param name="Sku">The item's.</param>
/// <param name="Found">Its levels.</param>
internal sealed record WatchedLevels(string Sku, FoundLevels Found);
