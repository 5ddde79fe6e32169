using Dapper;
using Npgsql;

namespace Inventory.Engine.Stock.Bulk;

/// <summary>
/// The statements of a call's transaction, in the order in which they take their locks: the request key, items and
/// warehouses of rows that are to begin, stock rows by id; then inserts.
/// </summary>
internal static class BulkStatements
{
    // Who loses a race for the key waits here until the winner has committed or is gone, before it holds anything.
    private const string ClaimSql = """
        -- stock.bulk_claim
        INSERT INTO request (request_key, fingerprint, operation, answer) VALUES (@Key, @Fingerprint, 40, 'null')
        ON CONFLICT (request_key) DO NOTHING
        """;

    private const string SeenSql = """
        -- stock.bulk_seen
        SELECT r.fingerprint, r.answer::text FROM request r WHERE r.request_key = @Key
        """;

    // As stock.open takes them: what a row begins with, and whether it may, stays so until the end.
    private const string LockPlacesSql = """
        -- stock.bulk_lock_items
        SELECT count(*) FROM (SELECT FROM item WHERE item_id = ANY (@ItemIds) ORDER BY item_id FOR SHARE) AS locked;
        -- stock.bulk_lock_warehouses
        SELECT count(*) FROM (
            SELECT FROM warehouse WHERE warehouse_id = ANY (@WarehouseIds) ORDER BY warehouse_id FOR KEY SHARE) AS locked
        """;

    private const string PlacesSql = """
        -- stock.bulk_places
        SELECT q.place::int, s.stock_id, i.discontinued, i.safety_stock
        FROM unnest(@ItemIds::bigint[], @WarehouseIds::int[]) WITH ORDINALITY AS q (item_id, warehouse_id, place)
        JOIN item i ON i.item_id = q.item_id AND i.item_id = ANY (@ItemIds)
        LEFT JOIN stock s ON s.item_id = q.item_id AND s.warehouse_id = q.warehouse_id AND s.item_id = ANY (@ItemIds)
        """;

    private const string LockSql = """
        -- stock.bulk_lock
        SELECT count(*) FROM (SELECT FROM stock WHERE stock_id = ANY (@StockIds) ORDER BY stock_id FOR NO KEY UPDATE) AS locked
        """;

    private const string ShelvesSql = """
        -- stock.bulk_shelves
        SELECT s.stock_id, s.item_id, s.warehouse_id, s.discontinued, s.on_hand, s.reserved, s.damaged, s.quality_control,
            s.in_transit, s.safety_stock, s.waiting, s.version, s.revision
        FROM stock s WHERE s.stock_id = ANY (@StockIds)
        """;

    private const string ShutSql = """
        -- stock.bulk_shut
        SELECT w.warehouse_id FROM warehouse w WHERE w.warehouse_id = ANY (@WarehouseIds) AND NOT w.active
        """;

    // The rows are locked and were judged as they are, so nothing is guarded again. Positions are drawn in the order of
    // the changes, which is that of each row's versions.
    private const string WriteSql = """
        -- stock.bulk_write
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        moved AS (
            UPDATE stock s SET on_hand = f.on_hand, version = f.version, revision = f.revision
            FROM unnest(@StockIds::bigint[], @OnHand::bigint[], @Versions::bigint[], @Revisions::bigint[])
                AS f (stock_id, on_hand, version, revision)
            WHERE s.stock_id = f.stock_id AND s.stock_id = ANY (@StockIds)
            RETURNING s.stock_id),
        written AS (
            INSERT INTO journal (at, stock_id, version, on_hand, kind, actor, origin, trace, reason)
            SELECT (SELECT now FROM clock), q.stock_id, q.version, nullif(q.on_hand, 0), q.kind, @Actor, @Origin::int, @Trace::uuid, q.reason
            FROM unnest(@ChangedIds::bigint[], @ChangeVersions::bigint[], @Deltas::bigint[], @Kinds::smallint[], @Reasons::text[])
                WITH ORDINALITY AS q (stock_id, version, on_hand, kind, reason, place)
            ORDER BY q.place)
        SELECT count(*) FROM moved
        """;

    private const string AnswerSql = """
        -- stock.bulk_answer
        UPDATE request SET answer = @Answer::jsonb WHERE request_key = @Key
        """;

    /// <returns>Whether the key is this transaction's now; otherwise somebody's answer stands under it.</returns>
    internal static async Task<bool> ClaimAsync(NpgsqlConnection on, Guid key, long fingerprint, CancellationToken c) =>
        await on.ExecuteAsync(Command(ClaimSql, new { Key = key, Fingerprint = fingerprint }, c)) == 1;

    internal static Task<(long Fingerprint, string Answer)> SeenAsync(
        NpgsqlConnection on,
        Guid key,
        CancellationToken c
    ) => on.QuerySingleAsync<(long Fingerprint, string Answer)>(Command(SeenSql, new { Key = key }, c));

    internal static async Task LockPlacesAsync(
        NpgsqlConnection on,
        long[] itemIds,
        int[] warehouseIds,
        CancellationToken c
    )
    {
        var parameters = new { ItemIds = itemIds, WarehouseIds = warehouseIds };
        await using var locked = await on.QueryMultipleAsync(Command(LockPlacesSql, parameters, c));
        await locked.ReadSingleAsync<long>();
        await locked.ReadSingleAsync<long>();
    }

    /// <summary>What is there of items at warehouses, by their places; nothing of an item that is gone.</summary>
    internal static async Task<List<BulkPlaceRow>> PlacesAsync(
        NpgsqlConnection on,
        long[] itemIds,
        int[] warehouseIds,
        CancellationToken c
    )
    {
        var parameters = new { ItemIds = itemIds, WarehouseIds = warehouseIds };
        return (await on.QueryAsync<BulkPlaceRow>(Command(PlacesSql, parameters, c))).AsList();
    }

    /// <param name="on">The transaction.</param>
    /// <param name="stockIds">Distinct, ascending, and beyond those that it has locked already.</param>
    /// <param name="c">Ends the wait.</param>
    internal static Task<long> LockAsync(NpgsqlConnection on, long[] stockIds, CancellationToken c) =>
        on.QuerySingleAsync<long>(Command(LockSql, new { StockIds = stockIds }, c));

    internal static Task<IEnumerable<BulkShelf>> ShelvesAsync(
        NpgsqlConnection on,
        long[] stockIds,
        CancellationToken c
    ) => on.QueryAsync<BulkShelf>(Command(ShelvesSql, new { StockIds = stockIds }, c));

    /// <summary>Those of the warehouses that take nothing in.</summary>
    internal static async Task<HashSet<int>> ShutAsync(NpgsqlConnection on, int[] warehouseIds, CancellationToken c) =>
        [.. await on.QueryAsync<int>(Command(ShutSql, new { WarehouseIds = warehouseIds }, c))];

    /// <returns>How many stock rows it found.</returns>
    internal static Task<long> WriteAsync(NpgsqlConnection on, BulkWrite parameters, CancellationToken c) =>
        on.QuerySingleAsync<long>(Command(WriteSql, parameters, c));

    internal static Task AnswerAsync(NpgsqlConnection on, Guid key, string answer, CancellationToken c) =>
        on.ExecuteAsync(Command(AnswerSql, new { Key = key, Answer = answer }, c));

    private static CommandDefinition Command(string sql, object parameters, CancellationToken cancellation) =>
        new(sql, parameters, cancellationToken: cancellation);
}

/// <summary>A place where a row may begin.</summary>
internal sealed class BulkPlaceRow
{
    public int Place { get; init; }

    /// <summary>Somebody has begun it.</summary>
    public long? StockId { get; init; }

    public bool Discontinued { get; init; }

    public long SafetyStock { get; init; }
}
