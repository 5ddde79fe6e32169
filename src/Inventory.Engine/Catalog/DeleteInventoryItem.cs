using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Catalog;

/// <summary>
/// Takes an item away, once a request id, with its barcodes and its stock rows, if none of them holds anything or
/// awaits anything and no kit is made of it. What reservations and the journal tell of it stays, and stays named.
/// </summary>
public sealed class DeleteInventoryItem(Cell cell, StockDirectory directory)
{
    // The item first, which keeps out rows that begin; then its rows in key order, so that nothing moves on them any
    // more; then a fresh snapshot judges. Rows are locked only if it looks as if they could go, so a row that sold out
    // just then is judged without its lock: by its version it stays if anything has come in since, and then the item
    // cannot go without it, which runs all of it again.
    private const string Sql = """
        -- catalog.delete_item_lock
        SELECT count(*) FROM (SELECT FROM item i WHERE i.item_id = @ItemId OR i.sku = @Sku FOR UPDATE) AS locked;
        -- catalog.delete_item_lock_stock
        WITH item_found AS MATERIALIZED (
            SELECT i.item_id FROM item i
            WHERE (i.item_id = @ItemId OR i.sku = @Sku)
                AND NOT EXISTS (SELECT FROM stock s WHERE s.item_id = i.item_id AND (s.on_hand > 0 OR s.in_transit > 0 OR s.waiting > 0)))
        SELECT count(*) FROM (
            SELECT FROM stock s WHERE s.item_id = (SELECT item_id FROM item_found) ORDER BY s.stock_id FOR UPDATE) AS locked;
        -- catalog.delete_item
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint FROM request r WHERE r.request_key = @Key),
        asked AS MATERIALIZED (
            SELECT i.item_id, i.sku, i.revision FROM item i WHERE i.item_id = @ItemId OR i.sku = @Sku),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.warehouse_id, s.on_hand, s.reserved + s.waiting AS reserved, s.in_transit, s.safety_stock, s.version
            FROM stock s WHERE s.item_id = (SELECT item_id FROM asked)),
        kept AS MATERIALIZED (
            SELECT count(*) AS rows, coalesce(sum(on_hand), 0)::bigint AS on_hand, coalesce(sum(reserved), 0)::bigint AS reserved,
                coalesce(sum(in_transit), 0)::bigint AS in_transit
            FROM shelf WHERE on_hand > 0 OR reserved > 0 OR in_transit > 0),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN s.fingerprint = @Fingerprint THEN 2
                    WHEN s.fingerprint IS NOT NULL THEN 3
                    WHEN a.item_id IS NULL THEN 4
                    WHEN @Expected::bigint <> a.revision THEN 5
                    WHEN k.rows > 0 THEN 6
                    WHEN EXISTS (SELECT FROM kit_component c WHERE c.component_id = a.item_id) THEN 7
                    ELSE 1
                END AS outcome, coalesce(a.revision, 0) AS revision, k.rows, k.on_hand, k.reserved, k.in_transit
            FROM kept k LEFT JOIN seen s ON true LEFT JOIN asked a ON true),
        going AS MATERIALIZED (
            SELECT a.item_id, a.sku FROM asked a, judged j WHERE j.outcome = 1),
        emptied AS MATERIALIZED (
            SELECT h.stock_id, h.warehouse_id, h.safety_stock, h.version, g.item_id, g.sku FROM shelf h, going g),
        remembered AS (
            INSERT INTO former_stock (stock_id, item_id, warehouse_id, sku, warehouse, removed_at)
            SELECT e.stock_id, e.item_id, e.warehouse_id, e.sku, w.code, c.now
            FROM clock c, emptied e JOIN warehouse w ON w.warehouse_id = e.warehouse_id),
        written AS (
            INSERT INTO journal (at, stock_id, version, safety_stock, kind, actor, origin, trace)
            SELECT c.now, e.stock_id, e.version + 1, nullif(-e.safety_stock, 0), 31, @Actor, @Origin::int, @Trace::uuid
            FROM clock c, emptied e ORDER BY e.stock_id),
        removed AS (
            DELETE FROM stock s USING emptied e WHERE s.stock_id = e.stock_id AND s.version = e.version),
        uncoded AS (
            DELETE FROM barcode b USING going g WHERE b.item_id = g.item_id),
        unmade AS (
            DELETE FROM kit_component c USING going g WHERE c.kit_id = g.item_id),
        deleted AS (
            DELETE FROM item i USING going g WHERE i.item_id = g.item_id),
        noted AS (
            INSERT INTO former_item (item_id, sku, removed_at) SELECT g.item_id, g.sku, c.now FROM going g, clock c),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT c.now, 'DeleteInventoryItem', 'item_' || g.item_id, @Key, @Actor, @Origin::int, @Trace::uuid FROM going g, clock c),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, c.now, 31, jsonb_build_object('item_id', g.item_id) FROM going g, clock c)
        SELECT outcome, revision, rows, on_hand, reserved, in_transit FROM judged
        """;

    /// <summary>Deletes an item.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<DeleteItemAnswer> ExecuteAsync(ItemDeletion request, CancellationToken cancellation)
    {
        var name = await ItemName.FindAsync(cell, request.Item, request.IsProduct, cancellation);
        var parameters = new
        {
            name.ItemId,
            name.Sku,
            Key = RequestKey.Id(request.Caller, request.RequestId),
            Fingerprint = request.Fingerprint(),
            Expected = request.ExpectedRevision,
            Actor = request.Caller.Name,
            request.Caller.Origin,
            request.Caller.Trace,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var answer = await RacedInsert.RunAsync(cell, c => RunAsync(c, command), cancellation);
        if (answer.Outcome == DeleteItemOutcome.Deleted)
        {
            // This server forgets it now, the others with their next look.
            await directory.RefreshWarehousesAsync(cancellation);
        }

        return answer.Outcome == DeleteItemOutcome.ItemUnknown && name.IsAmbiguous
            ? answer with
            {
                Outcome = DeleteItemOutcome.SeveralVariants,
            }
            : answer;
    }

    private static async Task<DeleteItemAnswer> RunAsync(NpgsqlConnection connection, CommandDefinition command)
    {
        await using var results = await connection.QueryMultipleAsync(command);
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<long>();
        var row = await results.ReadSingleAsync<Row>();
        return new((DeleteItemOutcome)row.Outcome, row.Revision, row.Rows, row.OnHand, row.Reserved, row.InTransit);
    }

    private sealed class Row
    {
        public int Outcome { get; init; }

        public long Revision { get; init; }

        public long Rows { get; init; }

        public long OnHand { get; init; }

        public long Reserved { get; init; }

        public long InTransit { get; init; }
    }
}
