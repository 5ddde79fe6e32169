using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Npgsql;

namespace Inventory.Engine.Replenishment;

/// <summary>
/// Approves, rejects, receives, cancels and closes reorders, each step once a request id: reorder and stock in one
/// statement, so that what comes in is on order until it is on hand. Asking again for what it has reached already is a
/// replay.
/// </summary>
public sealed class AdvanceReorder(
    Cell cell,
    StockDirectory directory,
    CommittedLevels committed,
    OpenStock open,
    EvaluateReorders evaluate
)
{
    private const int RowMissing = 99;

    // Locks: the need, the reorder, its stock row. All is judged after them. The outcomes' numbers are
    // ReorderOutcome's.
    private const string Sql = """
        -- replenishment.advance_lock_need
        SELECT count(*) FROM (
            SELECT FROM reorder_need n
            WHERE (n.item_id, n.warehouse_id) = (SELECT r.item_id, r.warehouse_id FROM reorder r WHERE r.reorder_id = @ReorderId)
            FOR NO KEY UPDATE) AS locked;
        -- replenishment.advance_lock
        SELECT count(*) FROM (SELECT FROM reorder r WHERE r.reorder_id = @ReorderId FOR NO KEY UPDATE) AS locked;
        -- replenishment.advance_lock_stock
        SELECT count(*) FROM (
            SELECT FROM stock s
            WHERE s.stock_id = (
                SELECT k.stock_id FROM reorder r JOIN stock k ON k.item_id = r.item_id AND k.warehouse_id = r.warehouse_id
                WHERE r.reorder_id = @ReorderId AND r.state = 2 AND @Step = 3)
            FOR NO KEY UPDATE) AS locked;
        -- replenishment.advance
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        document AS MATERIALIZED (
            SELECT r.reorder_id, r.item_id, r.sku, r.warehouse_id, r.warehouse, r.state, r.quantity, r.received, r.position, r.reorder_point,
                r.lead_time_days, r.automatic, r.source, r.version, r.created_at, r.approved_at, r.approved_by, r.expected_at, r.ended_at,
                r.ended_by, r.reason
            FROM reorder r WHERE r.reorder_id = @ReorderId),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.on_hand, s.in_transit
            FROM document d JOIN stock s ON s.item_id = d.item_id AND s.warehouse_id = d.warehouse_id),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN e.fingerprint = @Fingerprint THEN 2
                    WHEN e.fingerprint IS NOT NULL THEN 3
                    WHEN d.reorder_id IS NULL THEN 4
                    WHEN @Expected::bigint <> d.version THEN 5
                    WHEN (@Step = 1 AND d.state IN (2, 3) AND coalesce(@Quantity::bigint, d.quantity) = d.quantity)
                        OR (@Step = 2 AND d.state = 5) OR (@Step = 3 AND d.state = 3 AND @Quantity::bigint IS NULL)
                        OR (@Step = 4 AND d.state = 6) OR (@Step = 5 AND d.state = 4) THEN 2
                    WHEN d.state <> CASE WHEN @Step <= 2 THEN 1 ELSE 2 END OR (@Step = 4 AND d.received > 0) THEN 6
                    WHEN @Step = 3 AND @Quantity::bigint > d.quantity - d.received AND NOT @AllowsExcess THEN 7
                    WHEN @Step = 3 AND s.stock_id IS NULL THEN 99
                    WHEN @Step = 3 AND s.on_hand + s.in_transit + coalesce(@Quantity::bigint, d.quantity - d.received) > 9007199254740991
                        THEN 9
                    ELSE 1
                END AS outcome, e.answer, c.now, d.reorder_id, d.item_id, d.warehouse_id, s.stock_id,
                CASE @Step WHEN 3 THEN coalesce(@Quantity::bigint, d.quantity - d.received) ELSE 0 END AS coming
            FROM clock c LEFT JOIN seen e ON true LEFT JOIN document d ON true LEFT JOIN shelf s ON true),
        going AS MATERIALIZED (
            SELECT j.now, j.reorder_id, j.item_id, j.warehouse_id, j.stock_id, j.coming,
                CASE @Step WHEN 1 THEN 2 WHEN 2 THEN 5 WHEN 4 THEN 6 WHEN 5 THEN 4
                    ELSE CASE WHEN d.received + j.coming >= d.quantity THEN 3 ELSE 2 END END AS state
            FROM judged j JOIN document d ON d.reorder_id = j.reorder_id WHERE j.outcome = 1),
        advanced AS (
            UPDATE reorder r SET state = o.state, version = r.version + 1, received = r.received + o.coming,
                quantity = CASE @Step WHEN 1 THEN coalesce(@Quantity::bigint, r.quantity) ELSE r.quantity END,
                approved_at = CASE @Step WHEN 1 THEN o.now ELSE r.approved_at END,
                approved_by = CASE @Step WHEN 1 THEN @Caller ELSE r.approved_by END,
                expected_at = CASE @Step WHEN 1 THEN o.now + make_interval(days => r.lead_time_days) ELSE r.expected_at END,
                ended_at = CASE WHEN o.state > 2 THEN o.now END, ended_by = CASE WHEN o.state > 2 THEN @Caller END,
                reason = coalesce(@Reason, r.reason)
            FROM going o WHERE r.reorder_id = o.reorder_id
            RETURNING r.reorder_id, r.item_id, r.sku, r.warehouse_id, r.warehouse, r.state, r.quantity, r.received, r.position,
                r.reorder_point, r.lead_time_days, r.automatic, r.source, r.version, r.created_at, r.approved_at, r.approved_by,
                r.expected_at, r.ended_at, r.ended_by, r.reason),
        muted AS (
            UPDATE reorder_need n SET muted = true
            FROM going o WHERE @Step IN (2, 4) AND n.item_id = o.item_id AND n.warehouse_id = o.warehouse_id),
        moved AS (
            UPDATE stock s SET on_hand = s.on_hand + o.coming, version = s.version + 1, revision = s.revision + 1
            FROM going o WHERE o.coming > 0 AND s.stock_id = o.stock_id
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.available, s.version),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, on_hand, kind, actor, origin, trace, reason)
            SELECT o.now, m.stock_id, m.version, o.reorder_id, o.coming, 70, @Caller, @Origin::int, @Trace::uuid, @Reason
            FROM going o, moved m),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT o.now, CASE @Step WHEN 1 THEN 'ApproveReorder' WHEN 2 THEN 'RejectReorder' WHEN 4 THEN 'CancelReorder' ELSE 'CloseReorder' END,
                o.reorder_id::text, @Key, @Caller, @Origin::int, @Trace::uuid
            FROM going o WHERE o.coming = 0),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, o.now, 67, to_jsonb(a) FROM advanced a, going o)
        SELECT j.outcome, coalesce((SELECT to_jsonb(a) FROM advanced a), j.answer, (SELECT to_jsonb(d) FROM document d))::text AS answer,
            v.stock_ids, coalesce(v.item_ids, '{}') AS item_ids, coalesce(v.warehouse_ids, '{}') AS warehouse_ids,
            coalesce(v.on_hand, '{}') AS on_hand, coalesce(v.reserved, '{}') AS reserved, coalesce(v.available, '{}') AS available,
            coalesce(v.versions, '{}') AS versions
        FROM judged j, (
            SELECT array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids, array_agg(warehouse_id) AS warehouse_ids,
                array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved, array_agg(available) AS available,
                array_agg(version) AS versions
            FROM moved) v
        """;

    private sealed class Row : ChangedLevels
    {
        public int Outcome { get; init; }

        /// <summary>The reorder as JSON, if there is one to show.</summary>
        public string? Answer { get; init; }

        internal Reorder? Reorder => Answer is null ? null : StoredReorder.Parse(Answer).ToReorder();
    }

    /// <summary>Takes a step.</summary>
    /// <param name="step">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<ReorderAnswer> ExecuteAsync(ReorderStep step, CancellationToken cancellation)
    {
        var command = Command(step, cancellation);
        for (var opened = false; ; opened = true)
        {
            var row = await RacedInsert.RunAsync(cell, c => RunAsync(c, command), cancellation);
            committed.Publish(row.Levels());
            if (row.Outcome == RowMissing)
            {
                // Only now: a request that is refused or was made before begins no row.
                if (opened || !await OpenAsync(row.Reorder!, step.Caller, cancellation))
                {
                    return new(ReorderOutcome.PlaceGone, row.Reorder);
                }
            }
            else
            {
                return await AnswerAsync(step, row, cancellation);
            }
        }
    }

    private async Task<ReorderAnswer> AnswerAsync(ReorderStep step, Row row, CancellationToken cancellation)
    {
        var outcome = (ReorderOutcome)row.Outcome;
        var reorder = outcome == ReorderOutcome.RequestIdReused ? null : row.Reorder;
        if (outcome == ReorderOutcome.Done && step.Kind is ReorderStepKind.Approve or ReorderStepKind.Close)
        {
            // Less may be on order than is needed, and no change of stock tells of it. Lost in a crash, the sweep makes
            // up for it.
            await evaluate.ExecuteAsync([(reorder!.ItemId, reorder.WarehouseId)], cancellation);
        }

        return new(outcome, reorder);
    }

    /// <summary>
    /// Begins the row. What was ordered comes in, even where the item is discontinued or the warehouse shut since.
    /// </summary>
    private async Task<bool> OpenAsync(Reorder reorder, Actor caller, CancellationToken cancellation)
    {
        var itemId = PublicId.Item(reorder.ItemId);
        var items = await directory.ReadAsync([itemId], cancellation);
        var warehouse = await directory.FindWarehouseAsync(PublicId.Warehouse(reorder.WarehouseId), cancellation);
        if (warehouse is null || !items.TryGetValue(itemId, out var item))
        {
            return false;
        }

        await open.ExecuteAsync([(item, warehouse)], false, caller, cancellation);
        return true;
    }

    private static CommandDefinition Command(ReorderStep step, CancellationToken cancellation) =>
        new(
            Sql,
            new
            {
                Key = RequestKey.Id(step.Caller, step.RequestId),
                Fingerprint = step.Fingerprint(),
                step.ReorderId,
                Step = (int)step.Kind,
                step.Quantity,
                step.AllowsExcess,
                Expected = step.ExpectedVersion,
                Caller = step.Caller.Name,
                step.Caller.Origin,
                step.Caller.Trace,
                step.Reason,
            },
            cancellationToken: cancellation
        );

    private static async Task<Row> RunAsync(NpgsqlConnection connection, CommandDefinition command)
    {
        await using var results = await connection.QueryMultipleAsync(command);
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<long>();
        return await results.ReadSingleAsync<Row>();
    }
}
