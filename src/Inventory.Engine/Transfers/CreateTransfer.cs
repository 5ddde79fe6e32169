using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Expiry;
using Inventory.Engine.Stock;
using Npgsql;

namespace Inventory.Engine.Transfers;

/// <summary>
/// Makes a transfer, once a request id, and moves what is to go at once: both rows in one statement, so that nothing is
/// ever at two places or at none. Only what is available goes.
/// </summary>
public sealed class CreateTransfer(
    Cell cell,
    StockDirectory directory,
    CommittedLevels committed,
    OpenStock open,
    ExpireHolds expiry
)
{
    // The transfer is new, so it begins at the stock rows, in key order. The outcomes' numbers are TransferOutcome's.
    // What holds past their time would give back is looked at only where it decides.
    private const string Sql = """
        -- transfers.create_lock
        SELECT count(*) FROM (
            SELECT FROM stock s
            WHERE @Mode <> 3 AND s.item_id = @ItemId AND s.warehouse_id = ANY (ARRAY[@FromId::int, @ToId::int])
            ORDER BY s.stock_id FOR NO KEY UPDATE) AS locked;
        -- transfers.create
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        thing AS MATERIALIZED (
            SELECT i.item_id, i.sku FROM item i WHERE i.item_id = @ItemId),
        source AS MATERIALIZED (
            SELECT w.warehouse_id, w.code FROM warehouse w WHERE w.warehouse_id = @FromId),
        target AS MATERIALIZED (
            SELECT w.warehouse_id, w.code, w.active FROM warehouse w WHERE w.warehouse_id = @ToId),
        giving AS MATERIALIZED (
            SELECT s.stock_id, s.available FROM stock s WHERE s.item_id = @ItemId AND s.warehouse_id = @FromId),
        taking AS MATERIALIZED (
            SELECT s.stock_id, s.on_hand, s.in_transit FROM stock s WHERE s.item_id = @ItemId AND s.warehouse_id = @ToId),
        due AS MATERIALIZED (
            SELECT unnest(r.stock_ids) AS stock_id, unnest(coalesce(r.held, r.quantities)) AS quantity FROM reservation r
            WHERE r.state = 2 AND r.expires_at <= (SELECT now FROM clock)
                AND r.stock_ids && ARRAY(SELECT stock_id FROM giving WHERE @Mode <> 3 AND available < @Quantity)),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN e.fingerprint = @Fingerprint THEN 2
                    WHEN e.fingerprint IS NOT NULL THEN 3
                    WHEN i.item_id IS NULL THEN 5
                    WHEN f.warehouse_id IS NULL OR t.warehouse_id IS NULL THEN 7
                    WHEN f.warehouse_id = t.warehouse_id THEN 8
                    WHEN NOT t.active THEN 11
                    WHEN @Mode = 3 THEN 1
                    WHEN coalesce(g.available, 0) < @Quantity THEN 13
                    WHEN k.stock_id IS NULL THEN 99
                    WHEN k.on_hand + k.in_transit + @Quantity > 9007199254740991 THEN 14
                    ELSE 1
                END AS outcome, e.answer, c.now, i.item_id, i.sku, f.warehouse_id AS from_id, f.code AS from_code, t.warehouse_id AS to_id,
                t.code AS to_code, g.stock_id AS from_stock_id, greatest(coalesce(g.available, 0), 0) AS available,
                k.stock_id AS to_stock_id
            FROM clock c LEFT JOIN seen e ON true LEFT JOIN thing i ON true LEFT JOIN source f ON true LEFT JOIN target t ON true
                LEFT JOIN giving g ON true LEFT JOIN taking k ON true),
        made AS (
            INSERT INTO transfer (transfer_id, created_at, shipped_at, ended_at, item_id, from_stock_id, to_stock_id, quantity, received,
                from_warehouse_id, to_warehouse_id, state, sku, from_warehouse, to_warehouse, caller, request_id, reason)
            SELECT @Key, j.now, CASE WHEN @Mode <> 3 THEN j.now END, CASE WHEN @Mode = 1 THEN j.now END, j.item_id,
                CASE WHEN @Mode <> 3 THEN j.from_stock_id END, CASE WHEN @Mode <> 3 THEN j.to_stock_id END, @Quantity,
                CASE WHEN @Mode = 1 THEN @Quantity ELSE 0 END, j.from_id, j.to_id,
                CASE @Mode WHEN 1 THEN 3 WHEN 2 THEN 2 ELSE 1 END, j.sku, j.from_code, j.to_code, @Caller, @RequestId, @Reason
            FROM judged j WHERE j.outcome = 1
            RETURNING transfer_id, item_id, sku, from_warehouse_id, from_warehouse, to_warehouse_id, to_warehouse, state, quantity,
                received, lost, returned, version, caller, request_id, reason, created_at, shipped_at, ended_at),
        change AS MATERIALIZED (
            SELECT j.from_stock_id AS stock_id, -@Quantity::bigint AS on_hand, 0::bigint AS in_transit, 21 AS kind
            FROM judged j WHERE j.outcome = 1 AND @Mode <> 3
            UNION ALL
            SELECT j.to_stock_id, CASE WHEN @Mode = 1 THEN @Quantity ELSE 0 END, CASE WHEN @Mode = 2 THEN @Quantity ELSE 0 END,
                CASE WHEN @Mode = 1 THEN 22 ELSE 21 END
            FROM judged j WHERE j.outcome = 1 AND @Mode <> 3),
        moved AS (
            UPDATE stock s SET on_hand = s.on_hand + d.on_hand, in_transit = s.in_transit + d.in_transit, version = s.version + 1,
                revision = s.revision + 1
            FROM change d WHERE s.stock_id = d.stock_id
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.available, s.version),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, on_hand, in_transit, kind, actor, origin, trace, reason)
            SELECT j.now, m.stock_id, m.version, @Key, nullif(d.on_hand, 0), nullif(d.in_transit, 0), d.kind, @Caller,
                @Origin::int, @Trace::uuid, @Reason
            FROM judged j, moved m JOIN change d ON d.stock_id = m.stock_id ORDER BY m.stock_id),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT m.created_at, 'CreateTransfer', m.transfer_id::text, @Key, @Caller, @Origin::int, @Trace::uuid
            FROM made m WHERE NOT EXISTS (SELECT FROM change)),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, m.created_at, 51, to_jsonb(m) FROM made m)
        SELECT j.outcome, coalesce((SELECT to_jsonb(m) FROM made m), j.answer)::text AS answer, j.from_stock_id, j.available, @Quantity AS asked,
            (SELECT coalesce(sum(d.quantity), 0)::bigint FROM due d WHERE d.stock_id = j.from_stock_id) AS due,
            v.stock_ids, v.item_ids, v.warehouse_ids, v.on_hand, v.reserved, v.levels, v.versions
        FROM judged j, (
            SELECT array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids, array_agg(warehouse_id) AS warehouse_ids,
                array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved, array_agg(available) AS levels,
                array_agg(version) AS versions
            FROM moved) v
        """;

    private readonly record struct Names(ItemRows? Item, WarehouseRow? From, WarehouseRow? To, bool IsAmbiguous);

    /// <summary>Makes it.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<TransferAnswer> ExecuteAsync(NewTransfer request, CancellationToken cancellation)
    {
        var names = await ResolveAsync(request, cancellation);
        var command = Command(request, names, cancellation);
        while (true)
        {
            var row = await RacedInsert.RunAsync(cell, c => RunAsync(c, command), cancellation);
            committed.Publish(row.Changed());
            if (row.Outcome == TransferRow.RowMissing)
            {
                // Only now: a request that is refused or was made before begins no row.
                await open.ExecuteAsync([(names.Item!, names.To!)], false, request.Caller, cancellation);
            }
            else if (row.IsHeldByDue)
            {
                await expiry.EndDueAsync([row.FromStockId!.Value], cancellation);
            }
            else
            {
                return Answer(request, names, row);
            }
        }
    }

    private static TransferAnswer Answer(NewTransfer request, Names names, TransferRow row)
    {
        var outcome = (TransferOutcome)row.Outcome;
        return outcome == TransferOutcome.ItemUnknown
            ? names.IsAmbiguous
                ? new(TransferOutcome.SeveralVariants, null)
                : new(outcome, null, Unknown: request.ProductId ?? request.Sku)
            : outcome == TransferOutcome.WarehouseUnknown
                ? new(outcome, null, Unknown: names.From is null ? request.From : request.To)
                : outcome == TransferOutcome.RequestIdReused
                    ? new(outcome, null)
                    : new(outcome, row.Transfer, row.ShortOf);
    }

    private async Task<Names> ResolveAsync(NewTransfer request, CancellationToken cancellation)
    {
        var from = await directory.FindWarehouseAsync(request.From, cancellation);
        var to = await directory.FindWarehouseAsync(request.To, cancellation);
        var sku = request.Sku;
        if (request.ProductId is { } productId)
        {
            var variants = await ProductVariants.FindAsync(cell, productId, cancellation);
            if (variants.Count > 1)
            {
                return new(null, from, to, IsAmbiguous: true);
            }

            sku = variants.Count == 1 ? variants[0].Sku : productId;
        }

        var items = await directory.FindAsync([sku], cancellation);
        return new(items.GetValueOrDefault(sku), from, to, IsAmbiguous: false);
    }

    // What is not known is no row's key: the statement finds a replay all the same.
    private static CommandDefinition Command(NewTransfer request, Names names, CancellationToken cancellation) =>
        new(
            Sql,
            new
            {
                Key = RequestKey.Id(request.Caller, request.RequestId),
                Fingerprint = request.Fingerprint(),
                ItemId = names.Item?.ItemId ?? 0,
                FromId = names.From?.WarehouseId ?? 0,
                ToId = names.To?.WarehouseId ?? 0,
                request.Quantity,
                Mode = (int)request.Mode,
                Caller = request.Caller.Name,
                request.Caller.Origin,
                request.Caller.Trace,
                request.RequestId,
                request.Reason,
            },
            cancellationToken: cancellation
        );

    private static async Task<TransferRow> RunAsync(NpgsqlConnection connection, CommandDefinition command)
    {
        await using var results = await connection.QueryMultipleAsync(command);
        await results.ReadSingleAsync<long>();
        return await results.ReadSingleAsync<TransferRow>();
    }
}
