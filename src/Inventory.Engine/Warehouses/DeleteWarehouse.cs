using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Warehouses;

/// <summary>
/// Takes a warehouse away, once a request id, with its stock rows, if none of them holds anything or awaits anything,
/// and nothing is on its way from there, to where it may come back. What reservations and the journal tell of them
/// stays, and stays named.
/// </summary>
public sealed class DeleteWarehouse(Cell cell, StockDirectory directory)
{
    // The warehouse first, which keeps out rows that begin here; then its rows in key order, so that nothing moves on
    // them any more; then a fresh snapshot judges. Rows are locked only if it looks as if they could go, so a row that
    // sold out just then is judged without its lock: by its version it stays if anything has come in since, and then
    // the warehouse cannot go without it, which runs all of it again.
    private const string Sql = """
        -- warehouses.delete_lock
        SELECT count(*) FROM (
            SELECT FROM warehouse w WHERE w.warehouse_id = @WarehouseId OR w.code = @Code FOR UPDATE) AS locked;
        -- warehouses.delete_lock_stock
        WITH place AS MATERIALIZED (
            SELECT w.warehouse_id FROM warehouse w
            WHERE (w.warehouse_id = @WarehouseId OR w.code = @Code)
                AND NOT EXISTS (SELECT FROM stock s WHERE s.warehouse_id = w.warehouse_id AND (s.on_hand > 0 OR s.in_transit > 0 OR s.waiting > 0)))
        SELECT count(*) FROM (
            SELECT FROM stock s WHERE s.warehouse_id = (SELECT warehouse_id FROM place) ORDER BY s.stock_id FOR UPDATE) AS locked;
        -- warehouses.delete
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint FROM request r WHERE r.request_key = @Key),
        place AS MATERIALIZED (
            SELECT w.warehouse_id, w.code, w.revision FROM warehouse w WHERE w.warehouse_id = @WarehouseId OR w.code = @Code),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.item_id, s.on_hand, s.reserved + s.waiting AS reserved, s.in_transit + coalesce(t.leaving, 0) AS in_transit, s.safety_stock, s.version
            FROM stock s
            LEFT JOIN (
                SELECT from_stock_id, sum(quantity - received - lost)::bigint AS leaving
                FROM transfer WHERE state <= 2 AND state = 2 AND from_warehouse_id = (SELECT warehouse_id FROM place)
                GROUP BY from_stock_id) t ON t.from_stock_id = s.stock_id
            WHERE s.warehouse_id = (SELECT warehouse_id FROM place)),
        kept AS MATERIALIZED (
            SELECT count(*) AS rows, coalesce(sum(on_hand), 0)::bigint AS on_hand, coalesce(sum(reserved), 0)::bigint AS reserved,
                coalesce(sum(in_transit), 0)::bigint AS in_transit
            FROM shelf WHERE on_hand > 0 OR reserved > 0 OR in_transit > 0),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN s.fingerprint = @Fingerprint THEN 2
                    WHEN s.fingerprint IS NOT NULL THEN 3
                    WHEN p.warehouse_id IS NULL THEN 4
                    WHEN @Expected::bigint <> p.revision THEN 5
                    WHEN k.rows > 0 THEN 6
                    ELSE 1
                END AS outcome, coalesce(p.revision, 0) AS revision, k.rows, k.on_hand, k.reserved, k.in_transit
            FROM kept k LEFT JOIN seen s ON true LEFT JOIN place p ON true),
        going AS MATERIALIZED (
            SELECT h.stock_id, h.item_id, h.safety_stock, h.version, p.warehouse_id, p.code
            FROM shelf h, place p, judged j WHERE j.outcome = 1),
        remembered AS (
            INSERT INTO former_stock (stock_id, item_id, warehouse_id, sku, warehouse, removed_at)
            SELECT g.stock_id, g.item_id, g.warehouse_id, i.sku, g.code, c.now
            FROM clock c, going g JOIN item i ON i.item_id = g.item_id),
        written AS (
            INSERT INTO journal (at, stock_id, version, safety_stock, kind, actor, origin, trace)
            SELECT c.now, g.stock_id, g.version + 1, nullif(-g.safety_stock, 0), 31, @Actor, @Origin::int, @Trace::uuid
            FROM clock c, going g ORDER BY g.stock_id),
        emptied AS (
            DELETE FROM stock s USING going g WHERE s.stock_id = g.stock_id AND s.version = g.version),
        deleted AS (
            DELETE FROM warehouse w USING place p, judged j WHERE j.outcome = 1 AND w.warehouse_id = p.warehouse_id),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT c.now, 'DeleteWarehouse', 'wh_' || p.warehouse_id, @Key, @Actor, @Origin::int, @Trace::uuid
            FROM clock c, place p, judged j WHERE j.outcome = 1),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, c.now, 33, jsonb_build_object('warehouse_id', p.warehouse_id)
            FROM clock c, place p, judged j WHERE j.outcome = 1)
        SELECT outcome, revision, rows, on_hand, reserved, in_transit FROM judged
        """;

    /// <summary>Deletes a warehouse.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<DeleteWarehouseAnswer> ExecuteAsync(WarehouseDeletion request, CancellationToken cancellation)
    {
        var name = WarehouseName.Of(request.Warehouse);
        var parameters = new
        {
            name.WarehouseId,
            name.Code,
            Key = RequestKey.Id(request.Caller, request.RequestId),
            Fingerprint = request.Fingerprint(),
            Expected = request.ExpectedRevision,
            Actor = request.Caller.Name,
            request.Caller.Origin,
            request.Caller.Trace,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var answer = await RacedInsert.RunAsync(cell, c => RunAsync(c, command), cancellation);
        if (answer.Outcome == DeleteWarehouseOutcome.Deleted)
        {
            await directory.RefreshWarehousesAsync(cancellation);
        }

        return answer;
    }

    private static async Task<DeleteWarehouseAnswer> RunAsync(NpgsqlConnection connection, CommandDefinition command)
    {
        await using var results = await connection.QueryMultipleAsync(command);
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<long>();
        var row = await results.ReadSingleAsync<Row>();
        return new(
            (DeleteWarehouseOutcome)row.Outcome,
            row.Revision,
            row.Rows,
            row.OnHand,
            row.Reserved,
            row.InTransit
        );
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
