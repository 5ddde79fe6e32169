using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Stock;

/// <summary>
/// Takes a stock row away, once a request id, if nothing is there and nothing is on its way there, or from there, to
/// where it may come back. What reservations and the
/// journal tell of it stays, and stays named; the item can be stocked there again, as a row of its own.
/// </summary>
public sealed class DeleteStock(Cell cell, StockDirectory directory)
{
    // The row is locked whatever is on it: judged unlocked, what is received in between would go with it.
    private const string Sql = """
        -- stock.delete_lock
        SELECT count(*) FROM (SELECT FROM stock s WHERE s.stock_id = @StockId FOR UPDATE) AS locked;
        -- stock.delete
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint FROM request r WHERE r.request_key = @Key),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved + s.waiting AS reserved, s.safety_stock, s.version, s.revision,
                s.in_transit + (
                    SELECT coalesce(sum(t.quantity - t.received - t.lost), 0)::bigint
                    FROM transfer t WHERE t.from_stock_id = s.stock_id AND t.state = 2) AS in_transit
            FROM stock s WHERE s.stock_id = @StockId),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN e.fingerprint = @Fingerprint THEN 2
                    WHEN e.fingerprint IS NOT NULL THEN 3
                    WHEN h.stock_id IS NULL THEN 6
                    WHEN @Expected::bigint <> h.revision THEN 7
                    WHEN h.on_hand > 0 OR h.reserved > 0 OR h.in_transit > 0 THEN 8
                    ELSE 1
                END AS outcome, h.stock_id, coalesce(h.revision, 0) AS revision, coalesce(h.on_hand, 0) AS on_hand,
                coalesce(h.reserved, 0) AS reserved, coalesce(h.in_transit, 0) AS in_transit
            FROM clock c LEFT JOIN seen e ON true LEFT JOIN shelf h ON true),
        going AS MATERIALIZED (
            SELECT h.stock_id, h.item_id, h.warehouse_id, h.safety_stock, h.version FROM shelf h, judged j WHERE j.outcome = 1),
        remembered AS (
            INSERT INTO former_stock (stock_id, item_id, warehouse_id, sku, warehouse, removed_at)
            SELECT g.stock_id, g.item_id, g.warehouse_id, i.sku, w.code, c.now
            FROM clock c, going g JOIN item i ON i.item_id = g.item_id JOIN warehouse w ON w.warehouse_id = g.warehouse_id),
        written AS (
            INSERT INTO journal (at, stock_id, version, safety_stock, kind, actor, origin, trace)
            SELECT c.now, g.stock_id, g.version + 1, nullif(-g.safety_stock, 0), 31, @Actor, @Origin::int, @Trace::uuid FROM clock c, going g),
        removed AS (
            DELETE FROM stock s USING going g WHERE s.stock_id = g.stock_id),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, c.now, 50, jsonb_build_object('stock_id', g.stock_id) FROM clock c, going g)
        SELECT outcome, revision, on_hand, reserved, in_transit FROM judged
        """;

    /// <summary>Deletes a row.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<DeleteStockAnswer> ExecuteAsync(StockDeletion request, CancellationToken cancellation)
    {
        var target = await ResolvedTarget.FindAsync(request.Target, cell, directory, cancellation);
        var answer = await RunAsync(request, target.StockId, cancellation);
        if (answer.Outcome == DeleteStockOutcome.StockUnknown && request.Target.StockId is null)
        {
            if (target.StockId is not null)
            {
                // The row that was remembered is gone; another may have begun since.
                target = await target.ReadAgainAsync(directory, cancellation);
                answer = await RunAsync(request, target.StockId, cancellation);
            }

            if (answer.Outcome == DeleteStockOutcome.StockUnknown)
            {
                return answer with { Outcome = Unknown(target) };
            }
        }

        if (answer.Outcome == DeleteStockOutcome.Deleted)
        {
            await target.ReadAgainAsync(directory, cancellation);
        }

        return answer;
    }

    private static DeleteStockOutcome Unknown(ResolvedTarget target) =>
        target.Item is null ? DeleteStockOutcome.SkuUnknown
        : target.Warehouse is null ? DeleteStockOutcome.WarehouseUnknown
        : DeleteStockOutcome.StockUnknown;

    private Task<DeleteStockAnswer> RunAsync(StockDeletion request, long? stockId, CancellationToken cancellation)
    {
        var parameters = new
        {
            StockId = stockId,
            Key = RequestKey.Id(request.Caller, request.RequestId),
            Fingerprint = request.Fingerprint(),
            Expected = request.ExpectedRevision,
            Actor = request.Caller.Name,
            request.Caller.Origin,
            request.Caller.Trace,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        return RacedInsert.RunAsync(cell, c => RunAsync(c, command), cancellation);
    }

    private static async Task<DeleteStockAnswer> RunAsync(NpgsqlConnection connection, CommandDefinition command)
    {
        await using var results = await connection.QueryMultipleAsync(command);
        await results.ReadSingleAsync<long>();
        var row = await results.ReadSingleAsync<Row>();
        return new((DeleteStockOutcome)row.Outcome, row.Revision, row.OnHand, row.Reserved, row.InTransit);
    }

    private sealed class Row
    {
        public int Outcome { get; init; }

        public long Revision { get; init; }

        public long OnHand { get; init; }

        public long Reserved { get; init; }

        public long InTransit { get; init; }
    }
}
