using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Replenishment;

/// <summary>
/// Makes a policy or puts another in its place, once a request id; and judges at once what it asks for.
/// </summary>
public sealed class SetReorderPolicy(Cell cell, StockDirectory directory, EvaluateReorders evaluate)
{
    // The outcomes' numbers are PolicyOutcome's. A policy that is new is inserted plainly: who loses a race for it
    // violates its key, runs again and edits what is there. Other numbers are another judgement, so what was rejected
    // by the old ones may be suggested again.
    private const string Sql = """
        -- replenishment.set_policy_lock
        SELECT count(*) FROM (
            SELECT FROM reorder_policy p WHERE p.item_id = @ItemId AND p.warehouse_id = @WarehouseId FOR NO KEY UPDATE) AS locked;
        -- replenishment.set_policy
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        thing AS MATERIALIZED (
            SELECT i.item_id, i.sku, i.kit, i.reorder_point, i.reorder_quantity FROM item i WHERE i.item_id = @ItemId),
        place AS MATERIALIZED (
            SELECT w.warehouse_id, w.code FROM warehouse w WHERE w.warehouse_id = @WarehouseId),
        known AS MATERIALIZED (
            SELECT p.version FROM reorder_policy p WHERE p.item_id = @ItemId AND p.warehouse_id = @WarehouseId),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN e.fingerprint = @Fingerprint THEN 2
                    WHEN e.fingerprint IS NOT NULL THEN 3
                    WHEN i.item_id IS NULL THEN 4
                    WHEN w.warehouse_id IS NULL THEN 5
                    WHEN i.kit THEN 6
                    WHEN @Expected::bigint <> coalesce(k.version, 0) THEN 8
                    WHEN @ReorderPoint::bigint IS NULL AND (i.reorder_point IS NULL OR i.reorder_quantity IS NULL) THEN 9
                    ELSE 1
                END AS outcome, e.answer, c.now, i.item_id, i.sku, w.warehouse_id, w.code, k.version
            FROM clock c LEFT JOIN seen e ON true LEFT JOIN thing i ON true LEFT JOIN place w ON true LEFT JOIN known k ON true),
        made AS (
            INSERT INTO reorder_policy (item_id, warehouse_id, reorder_point, reorder_quantity, order_up_to, lead_time_days, service_level,
                automatic, source, created_at, updated_at, updated_by)
            SELECT j.item_id, j.warehouse_id, @ReorderPoint::bigint, @Lot::bigint, @OrderUpTo::bigint, @LeadTimeDays, @ServiceLevel,
                @Automatic, @Source, j.now, j.now, @Caller
            FROM judged j WHERE j.outcome = 1 AND j.version IS NULL
            RETURNING item_id, warehouse_id, reorder_point, reorder_quantity, order_up_to, lead_time_days, service_level, automatic, source,
                version, created_at, updated_at, updated_by),
        edited AS (
            UPDATE reorder_policy p SET reorder_point = @ReorderPoint::bigint, reorder_quantity = @Lot::bigint,
                order_up_to = @OrderUpTo::bigint, lead_time_days = @LeadTimeDays, service_level = @ServiceLevel, automatic = @Automatic,
                source = @Source, version = p.version + 1, updated_at = j.now, updated_by = @Caller
            FROM judged j
            WHERE j.outcome = 1 AND j.version IS NOT NULL AND p.item_id = j.item_id AND p.warehouse_id = j.warehouse_id
            RETURNING p.item_id, p.warehouse_id, p.reorder_point, p.reorder_quantity, p.order_up_to, p.lead_time_days, p.service_level,
                p.automatic, p.source, p.version, p.created_at, p.updated_at, p.updated_by),
        heard AS (
            UPDATE reorder_need n SET muted = false
            FROM judged j
            WHERE j.outcome = 1 AND n.item_id = j.item_id AND n.warehouse_id = j.warehouse_id AND n.muted),
        answered AS MATERIALIZED (
            SELECT p.policy || jsonb_build_object('sku', j.sku, 'warehouse', j.code) AS answer, j.now
            FROM judged j, (SELECT to_jsonb(m) AS policy FROM made m UNION ALL SELECT to_jsonb(e) FROM edited e) p),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT j.now, 'SetReorderPolicy', j.sku || ' at ' || j.code, @Key, @Caller, @Origin::int, @Trace::uuid
            FROM judged j WHERE j.outcome = 1),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, a.now, 65, a.answer FROM answered a)
        SELECT j.outcome, coalesce((SELECT a.answer FROM answered a), j.answer)::text AS answer, coalesce(j.version, 0) AS version
        FROM judged j
        """;

    /// <summary>Sets it.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<PolicyAnswer> ExecuteAsync(NewReorderPolicy request, CancellationToken cancellation)
    {
        var item = (await directory.FindAsync([request.Sku], cancellation)).GetValueOrDefault(request.Sku);
        var warehouse = await directory.FindWarehouseAsync(request.Warehouse, cancellation);
        var command = Command(request, item?.ItemId ?? 0, warehouse?.WarehouseId ?? 0, cancellation);
        var row = await RacedInsert.RunAsync(cell, c => RunAsync(c, command), cancellation);
        var answer = row.ToAnswer();
        if (answer.Outcome == PolicyOutcome.Done)
        {
            // Lost in a crash, the sweep makes up for it.
            await evaluate.ExecuteAsync([(answer.Policy!.ItemId, answer.Policy.WarehouseId)], cancellation);
        }

        return answer;
    }

    // What is not known is no row's key: the statement finds a replay all the same.
    private static CommandDefinition Command(
        NewReorderPolicy request,
        long itemId,
        int warehouseId,
        CancellationToken cancellation
    ) =>
        new(
            Sql,
            new
            {
                Key = RequestKey.Id(request.Caller, request.RequestId),
                Fingerprint = request.Fingerprint(),
                ItemId = itemId,
                WarehouseId = warehouseId,
                request.Amounts?.ReorderPoint,
                request.Amounts?.Lot,
                request.Amounts?.OrderUpTo,
                request.LeadTimeDays,
                request.ServiceLevel,
                request.Automatic,
                request.Source,
                Expected = request.ExpectedVersion,
                Caller = request.Caller.Name,
                request.Caller.Origin,
                request.Caller.Trace,
            },
            cancellationToken: cancellation
        );

    private static async Task<PolicyRow> RunAsync(NpgsqlConnection connection, CommandDefinition command)
    {
        await using var results = await connection.QueryMultipleAsync(command);
        await results.ReadSingleAsync<long>();
        return await results.ReadSingleAsync<PolicyRow>();
    }
}
