using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Alerts;

/// <summary>
/// Sets a threshold or takes it away, once a request id. Stock of one item is judged by it at once; what a threshold of
/// all items or of a warehouse means is found by the sweep, within minutes.
/// </summary>
public sealed class SetThreshold(Cell cell, StockDirectory directory)
{
    // The outcomes' numbers are SetThresholdOutcome's; replay comes before every refusal.
    private const string Sql = """
        -- alerts.set_threshold
        WITH seen AS MATERIALIZED (
            SELECT r.fingerprint FROM request r WHERE r.request_key = @Key),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN s.fingerprint = @Fingerprint THEN 2
                    WHEN s.fingerprint IS NOT NULL THEN 3
                    WHEN @Refusal::int <> 0 THEN @Refusal::int
                    ELSE 1
                END AS outcome
            FROM (SELECT) AS always LEFT JOIN seen s ON true),
        removed AS (
            DELETE FROM alert_threshold t USING judged j
            WHERE j.outcome = 1 AND @RaiseAt::bigint IS NULL AND t.kind = @Kind::smallint AND t.item_id IS NOT DISTINCT FROM @ItemId::bigint
                AND t.warehouse_id IS NOT DISTINCT FROM @WarehouseId::int),
        written AS (
            INSERT INTO alert_threshold (kind, item_id, warehouse_id, raise_at, resolve_at, updated_by)
            SELECT @Kind::smallint, @ItemId::bigint, @WarehouseId::int, @RaiseAt::bigint, @ResolveAt::bigint, @Caller
            FROM judged j WHERE j.outcome = 1 AND @RaiseAt::bigint IS NOT NULL
            ON CONFLICT (kind, item_id, warehouse_id) DO UPDATE SET raise_at = excluded.raise_at, resolve_at = excluded.resolve_at,
                updated_at = clock_timestamp(), updated_by = excluded.updated_by),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT clock_timestamp(), 'SetThreshold', concat_ws(' at ', @ItemId::bigint, @WarehouseId::int), @Key, @Caller, @Origin::int, @Trace::uuid FROM judged j WHERE j.outcome = 1),
        stored AS (
            INSERT INTO request (request_key, fingerprint, operation, answer)
            SELECT @Key, @Fingerprint, 102, '{}' FROM judged j WHERE j.outcome = 1)
        SELECT j.outcome FROM judged j
        """;

    private const string StockSql = """
        -- alerts.threshold_stock
        SELECT s.stock_id FROM stock s WHERE s.item_id = @ItemId::bigint
        """;

    /// <summary>Sets it.</summary>
    /// <param name="edit">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<SetThresholdOutcome> ExecuteAsync(ThresholdEdit edit, CancellationToken cancellation)
    {
        var item = edit.Sku is null
            ? null
            : (await directory.FindAsync([edit.Sku], cancellation)).Values.FirstOrDefault();
        var warehouse = edit.Warehouse is null
            ? null
            : await directory.FindWarehouseAsync(edit.Warehouse, cancellation);
        SetThresholdOutcome? refusal =
            edit.Sku is not null && item is null ? SetThresholdOutcome.SkuUnknown
            : edit.Warehouse is not null && warehouse is null ? SetThresholdOutcome.WarehouseUnknown
            : item is { IsKit: true } ? SetThresholdOutcome.ItemIsKit
            : null;
        var parameters = new
        {
            Key = RequestKey.Id(edit.Caller, edit.RequestId),
            Fingerprint = edit.Fingerprint(),
            Refusal = (int)(refusal ?? 0),
            Kind = (short)edit.Kind,
            item?.ItemId,
            warehouse?.WarehouseId,
            edit.RaiseAt,
            ResolveAt = edit.RaiseAt is { } raiseAt
                ? edit.ResolveAt ?? ThresholdEdit.DefaultResolveAt(edit.Kind, raiseAt)
                : (long?)null,
            Caller = edit.Caller.Name,
            edit.Caller.Origin,
            edit.Caller.Trace,
        };
        return await RacedInsert.RunAsync(
            cell,
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                var outcome = (SetThresholdOutcome)
                    await connection.QuerySingleAsync<int>(
                        new CommandDefinition(Sql, parameters, transaction, cancellationToken: cancellation)
                    );
                if (outcome == SetThresholdOutcome.Set && item is not null)
                {
                    var stock = new CommandDefinition(
                        StockSql,
                        new { item.ItemId },
                        transaction,
                        cancellationToken: cancellation
                    );
                    var stockIds = (await connection.QueryAsync<long>(stock)).AsList();
                    await JudgeLevels.ExecuteAsync(connection, stockIds, cancellation);
                }

                await transaction.CommitAsync(cancellation);
                return outcome;
            },
            cancellation
        );
    }
}
