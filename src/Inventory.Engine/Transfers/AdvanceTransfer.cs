using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Expiry;
using Inventory.Engine.Stock;
using Npgsql;

namespace Inventory.Engine.Transfers;

/// <summary>
/// Ships, receives and cancels transfers, each step once a request id: transfer and stock in one statement. Asking
/// again for what it has reached already is a replay.
/// </summary>
public sealed class AdvanceTransfer(
    Cell cell,
    StockDirectory directory,
    CommittedLevels committed,
    OpenStock open,
    ExpireHolds expiry
)
{
    // Locks in the one order of the engine: the document, then its stock rows by id. All is judged after both. The
    // outcomes' numbers are TransferOutcome's.
    //
    // A change is of one stock row: first what arrives, then what is lost, each with a version of its own.
    private const string Sql = """
        -- transfers.advance_lock
        SELECT count(*) FROM (SELECT FROM transfer t WHERE t.transfer_id = @TransferId FOR NO KEY UPDATE) AS locked;
        -- transfers.advance_lock_stock
        SELECT count(*) FROM (
            SELECT FROM stock s
            WHERE s.stock_id = ANY (ARRAY(
                SELECT k.stock_id
                FROM transfer t JOIN stock k ON k.item_id = t.item_id AND k.warehouse_id IN (t.from_warehouse_id, t.to_warehouse_id)
                WHERE t.transfer_id = @TransferId AND t.state <= 2))
            ORDER BY s.stock_id FOR NO KEY UPDATE) AS locked;
        -- transfers.advance
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        document AS MATERIALIZED (
            SELECT t.transfer_id, t.item_id, t.sku, t.from_warehouse_id, t.from_warehouse, t.to_warehouse_id, t.to_warehouse, t.state,
                t.quantity, t.received, t.lost, t.returned, t.version, t.caller, t.request_id, t.reason, t.created_at, t.shipped_at, t.ended_at
            FROM transfer t WHERE t.transfer_id = @TransferId),
        giving AS MATERIALIZED (
            SELECT s.stock_id, s.on_hand, s.in_transit, s.available
            FROM document d JOIN stock s ON s.item_id = d.item_id AND s.warehouse_id = d.from_warehouse_id),
        taking AS MATERIALIZED (
            SELECT s.stock_id, s.on_hand, s.in_transit
            FROM document d JOIN stock s ON s.item_id = d.item_id AND s.warehouse_id = d.to_warehouse_id),
        target AS MATERIALIZED (
            SELECT w.active FROM document d JOIN warehouse w ON w.warehouse_id = d.to_warehouse_id),
        due AS MATERIALIZED (
            SELECT unnest(r.stock_ids) AS stock_id, unnest(coalesce(r.held, r.quantities)) AS quantity FROM reservation r
            WHERE r.state = 2 AND r.expires_at <= (SELECT now FROM clock)
                AND r.stock_ids && ARRAY(SELECT g.stock_id FROM giving g, document d WHERE @Step = 1 AND d.state = 1 AND g.available < d.quantity)),
        asked AS MATERIALIZED (
            SELECT p.transfer_id, p.state, p.version, p.quantity, p.way,
                CASE @Step WHEN 1 THEN p.quantity WHEN 2 THEN coalesce(@Quantity::bigint, p.way) ELSE p.way END AS amount
            FROM (
                SELECT d.transfer_id, d.state, d.version, d.quantity,
                    CASE WHEN d.state = 2 THEN d.quantity - d.received - d.lost ELSE 0 END AS way
                FROM document d) p),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN e.fingerprint = @Fingerprint THEN 2
                    WHEN e.fingerprint IS NOT NULL THEN 3
                    WHEN q.transfer_id IS NULL THEN 4
                    WHEN @Expected::bigint <> q.version THEN 9
                    WHEN (@Step = 1 AND q.state IN (2, 3)) OR (@Step = 2 AND q.state = 3 AND @Quantity::bigint IS NULL)
                        OR (@Step = 3 AND q.state = 4) THEN 2
                    WHEN (@Step = 1 AND q.state <> 1) OR (@Step = 2 AND q.state <> 2) OR (@Step = 3 AND q.state > 2) THEN 10
                    WHEN @Step = 1 AND w.active IS NULL THEN 7
                    WHEN @Step = 1 AND NOT w.active THEN 11
                    WHEN @Step = 2 AND q.amount > q.way THEN 12
                    WHEN @Step = 1 AND coalesce(g.available, 0) < q.quantity THEN 13
                    WHEN @Step = 1 AND k.stock_id IS NULL THEN 99
                    WHEN @Step = 1 AND k.on_hand + k.in_transit + q.quantity > 9007199254740991 THEN 14
                    WHEN @Step = 3 AND q.way > 0 AND g.stock_id IS NULL THEN 7
                    WHEN @Step = 3 AND q.way > 0 AND g.on_hand + g.in_transit + q.way > 9007199254740991 THEN 14
                    ELSE 1
                END AS outcome, e.answer, c.now, q.transfer_id, q.state, q.amount, q.way,
                CASE WHEN @Step = 2 AND @LosesRest THEN q.way - q.amount ELSE 0 END AS losing,
                g.stock_id AS from_stock_id, greatest(coalesce(g.available, 0), 0) AS available, k.stock_id AS to_stock_id
            FROM clock c LEFT JOIN seen e ON true LEFT JOIN asked q ON true LEFT JOIN giving g ON true LEFT JOIN taking k ON true
                LEFT JOIN target w ON true),
        going AS MATERIALIZED (
            SELECT j.now, j.transfer_id, j.amount, j.losing, j.from_stock_id, j.to_stock_id,
                CASE WHEN @Step = 1 THEN 2 WHEN @Step = 3 THEN 4 WHEN j.amount + j.losing = j.way THEN 3 ELSE 2 END AS state
            FROM judged j WHERE j.outcome = 1),
        advanced AS (
            UPDATE transfer t SET state = o.state, version = t.version + 1,
                shipped_at = CASE WHEN @Step = 1 THEN o.now ELSE t.shipped_at END,
                ended_at = CASE WHEN o.state > 2 THEN o.now END,
                from_stock_id = CASE WHEN @Step = 1 THEN o.from_stock_id ELSE t.from_stock_id END,
                to_stock_id = CASE WHEN @Step = 1 THEN o.to_stock_id ELSE t.to_stock_id END,
                received = t.received + CASE WHEN @Step = 2 THEN o.amount ELSE 0 END,
                lost = t.lost + o.losing,
                returned = t.returned + CASE WHEN @Step = 3 THEN o.amount ELSE 0 END
            FROM going o WHERE t.transfer_id = o.transfer_id
            RETURNING t.transfer_id, t.item_id, t.sku, t.from_warehouse_id, t.from_warehouse, t.to_warehouse_id, t.to_warehouse, t.state,
                t.quantity, t.received, t.lost, t.returned, t.version, t.caller, t.request_id, t.reason, t.created_at, t.shipped_at, t.ended_at),
        change AS MATERIALIZED (
            SELECT o.from_stock_id AS stock_id, CASE WHEN @Step = 1 THEN -o.amount ELSE o.amount END AS on_hand, 0::bigint AS in_transit,
                CASE WHEN @Step = 1 THEN 21 ELSE 23 END AS kind, 1 AS place
            FROM going o WHERE @Step <> 2 AND o.amount > 0
            UNION ALL
            SELECT o.to_stock_id, CASE WHEN @Step = 2 THEN o.amount ELSE 0 END, CASE WHEN @Step = 1 THEN o.amount ELSE -o.amount END,
                20 + @Step, 1
            FROM going o WHERE o.amount > 0
            UNION ALL
            SELECT o.to_stock_id, 0, -o.losing, 24, CASE WHEN o.amount > 0 THEN 2 ELSE 1 END FROM going o WHERE o.losing > 0),
        moved AS (
            UPDATE stock s SET on_hand = s.on_hand + d.on_hand, in_transit = s.in_transit + d.in_transit, version = s.version + d.changes,
                revision = s.revision + 1
            FROM (
                SELECT stock_id, sum(on_hand)::bigint AS on_hand, sum(in_transit)::bigint AS in_transit, count(*) AS changes
                FROM change GROUP BY stock_id) d
            WHERE s.stock_id = d.stock_id
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.available, s.version, d.changes),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, on_hand, in_transit, kind, actor, origin, trace, reason)
            SELECT o.now, m.stock_id, m.version - m.changes + d.place, o.transfer_id, nullif(d.on_hand, 0), nullif(d.in_transit, 0), d.kind,
                @Caller, @Origin::int, @Trace::uuid, @Reason
            FROM going o, moved m JOIN change d ON d.stock_id = m.stock_id ORDER BY m.stock_id, d.place),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT o.now, 'CancelTransfer', o.transfer_id::text, @Key, @Caller, @Origin::int, @Trace::uuid
            FROM going o WHERE NOT EXISTS (SELECT FROM change)),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, o.now, 52, to_jsonb(a) FROM advanced a, going o)
        SELECT j.outcome, coalesce((SELECT to_jsonb(a) FROM advanced a), j.answer, (SELECT to_jsonb(d) FROM document d))::text AS answer,
            j.from_stock_id, j.available, coalesce(j.amount, 0) AS asked,
            (SELECT coalesce(sum(d.quantity), 0)::bigint FROM due d WHERE d.stock_id = j.from_stock_id) AS due,
            v.stock_ids, v.item_ids, v.warehouse_ids, v.on_hand, v.reserved, v.levels, v.versions
        FROM judged j, (
            SELECT array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids, array_agg(warehouse_id) AS warehouse_ids,
                array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved, array_agg(available) AS levels,
                array_agg(version) AS versions
            FROM moved) v
        """;

    /// <summary>Takes a step.</summary>
    /// <param name="step">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<TransferAnswer> ExecuteAsync(TransferStep step, CancellationToken cancellation)
    {
        var command = Command(step, cancellation);
        while (true)
        {
            var row = await RacedInsert.RunAsync(cell, c => RunAsync(c, command), cancellation);
            committed.Publish(row.Changed());
            if (row.Outcome == TransferRow.RowMissing)
            {
                if (!await OpenAsync(row.Transfer!, step.Caller, cancellation))
                {
                    return new(TransferOutcome.WarehouseUnknown, row.Transfer, Unknown: row.Transfer!.ToWarehouse);
                }
            }
            else if (row.IsHeldByDue)
            {
                await expiry.EndDueAsync([row.FromStockId!.Value], cancellation);
            }
            else
            {
                return Answer(row);
            }
        }
    }

    private static TransferAnswer Answer(TransferRow row)
    {
        var outcome = (TransferOutcome)row.Outcome;
        var transfer = outcome == TransferOutcome.RequestIdReused ? null : row.Transfer;
        var unknown = outcome == TransferOutcome.WarehouseUnknown ? Gone(transfer!) : null;
        return new(outcome, transfer, row.ShortOf, unknown);
    }

    /// <summary>What has left the source can't go back to one that is gone; the rest misses its target.</summary>
    private static string Gone(Transfer transfer) =>
        transfer.State == TransferState.InTransit ? transfer.FromWarehouse : transfer.ToWarehouse;

    /// <summary>Begins the target's row. Its item is there, for the source has some of it.</summary>
    private async Task<bool> OpenAsync(Transfer transfer, Actor caller, CancellationToken cancellation)
    {
        var itemId = PublicId.Item(transfer.ItemId);
        var items = await directory.FindAsync([itemId], cancellation);
        var warehouse = await directory.FindWarehouseAsync(PublicId.Warehouse(transfer.ToWarehouseId), cancellation);
        if (warehouse is null || !items.TryGetValue(itemId, out var item))
        {
            return false;
        }

        await open.ExecuteAsync([(item, warehouse)], false, caller, cancellation);
        return true;
    }

    private static CommandDefinition Command(TransferStep step, CancellationToken cancellation) =>
        new(
            Sql,
            new
            {
                Key = RequestKey.Id(step.Caller, step.RequestId),
                Fingerprint = step.Fingerprint(),
                step.TransferId,
                Step = (int)step.Kind,
                step.Quantity,
                step.LosesRest,
                Expected = step.ExpectedVersion,
                Caller = step.Caller.Name,
                step.Caller.Origin,
                step.Caller.Trace,
                step.Reason,
            },
            cancellationToken: cancellation
        );

    private static async Task<TransferRow> RunAsync(NpgsqlConnection connection, CommandDefinition command)
    {
        await using var results = await connection.QueryMultipleAsync(command);
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<long>();
        return await results.ReadSingleAsync<TransferRow>();
    }
}
