using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Replenishment;

/// <summary>
/// Takes a policy away, once a request id. What was suggested or ordered stays, and can still be received.
/// </summary>
public sealed class DeleteReorderPolicy(Cell cell, StockDirectory directory)
{
    // The outcomes' numbers are PolicyOutcome's.
    private const string Sql = """
        -- replenishment.delete_policy_lock
        SELECT count(*) FROM (
            SELECT FROM reorder_policy p WHERE p.item_id = @ItemId AND p.warehouse_id = @WarehouseId FOR UPDATE) AS locked;
        -- replenishment.delete_policy
        WITH seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        known AS MATERIALIZED (
            SELECT p.item_id, i.sku, p.warehouse_id, w.code AS warehouse, p.reorder_point, p.reorder_quantity, p.order_up_to,
                p.lead_time_days, p.service_level, p.automatic, p.source, p.version, p.created_at, p.updated_at, p.updated_by
            FROM reorder_policy p JOIN item i ON i.item_id = p.item_id JOIN warehouse w ON w.warehouse_id = p.warehouse_id
            WHERE p.item_id = @ItemId AND p.warehouse_id = @WarehouseId),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN e.fingerprint = @Fingerprint THEN 2
                    WHEN e.fingerprint IS NOT NULL THEN 3
                    WHEN NOT EXISTS (SELECT FROM item i WHERE i.item_id = @ItemId) THEN 4
                    WHEN NOT EXISTS (SELECT FROM warehouse w WHERE w.warehouse_id = @WarehouseId) THEN 5
                    WHEN k.item_id IS NULL THEN 7
                    WHEN @Expected::bigint <> k.version THEN 8
                    ELSE 1
                END AS outcome, e.answer, k.version, to_jsonb(k) AS policy
            FROM (SELECT) one LEFT JOIN seen e ON true LEFT JOIN known k ON true),
        gone AS (
            DELETE FROM reorder_policy p USING judged j
            WHERE j.outcome = 1 AND p.item_id = @ItemId AND p.warehouse_id = @WarehouseId),
        heard AS (
            UPDATE reorder_need n SET muted = false
            FROM judged j WHERE j.outcome = 1 AND n.item_id = @ItemId AND n.warehouse_id = @WarehouseId AND n.muted),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT clock_timestamp(), 'DeleteReorderPolicy', (j.policy ->> 'sku') || ' at ' || (j.policy ->> 'warehouse'), @Key, @Caller,
                @Origin::int, @Trace::uuid
            FROM judged j WHERE j.outcome = 1),
        stored AS (
            INSERT INTO request (request_key, fingerprint, operation, answer)
            SELECT @Key, @Fingerprint, 66, j.policy FROM judged j WHERE j.outcome = 1)
        SELECT j.outcome, coalesce(j.answer, j.policy)::text AS answer, coalesce(j.version, 0) AS version
        FROM judged j
        """;

    /// <summary>Deletes it.</summary>
    /// <param name="caller">The principal; part of the request's identity.</param>
    /// <param name="requestId">1 to 64 printable characters; the other part of the identity.</param>
    /// <param name="sku">The item's SKU or id.</param>
    /// <param name="warehouse">The warehouse's code or id.</param>
    /// <param name="expectedVersion">If given, the version that the caller has seen.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<PolicyAnswer> ExecuteAsync(
        Actor caller,
        string requestId,
        string sku,
        string warehouse,
        long? expectedVersion,
        CancellationToken cancellation
    )
    {
        var item = (await directory.FindAsync([sku], cancellation)).GetValueOrDefault(sku);
        var place = await directory.FindWarehouseAsync(warehouse, cancellation);
        var command = new CommandDefinition(
            Sql,
            new
            {
                Key = RequestKey.Id(caller, requestId),
                Fingerprint = Fingerprint(sku, warehouse, expectedVersion),
                ItemId = item?.ItemId ?? 0,
                WarehouseId = place?.WarehouseId ?? 0,
                Expected = expectedVersion,
                Caller = caller.Name,
                caller.Origin,
                caller.Trace,
            },
            cancellationToken: cancellation
        );
        return (await RacedInsert.RunAsync(cell, c => RunAsync(c, command), cancellation)).ToAnswer();
    }

    private static long Fingerprint(string sku, string warehouse, long? expectedVersion)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.DeleteReorderPolicy);
        content.Text(sku);
        content.Text(warehouse);
        content.Number(expectedVersion);
        return content.ToFingerprint();
    }

    private static async Task<PolicyRow> RunAsync(NpgsqlConnection connection, CommandDefinition command)
    {
        await using var results = await connection.QueryMultipleAsync(command);
        await results.ReadSingleAsync<long>();
        return await results.ReadSingleAsync<PolicyRow>();
    }
}
