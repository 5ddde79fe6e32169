using System.Text.Json;
using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Integrity;

/// <summary>
/// Brings a stock row that does not agree with its journal, holds or transfers back to what is true of it, and the
/// journal with it, by a row of the journal: nothing is changed silently. Once a request id.
/// </summary>
/// <remarks>
/// What is true: of what is held, on its way and waited for it is what the documents say that people rely on, the sum
/// of held lines, of open transfers and of the queue. Of what is on hand, damaged, in quality control and kept back
/// there is no document but the journal, to which rows are only added, by the same statement as the change: its sums.
/// What is really on the shelf a count says.
/// </remarks>
public sealed class RepairStock(Cell cell, StockDirectory directory, CommittedLevels committed)
{
    // Holds do not stand by stock row: this reads all that are open. Whoever changes a hold, a transfer or the queue
    // here has the row's lock, which is taken first. The outcomes' numbers are RepairOutcome's. The journal's row
    // carries what the journal's own sums were short of; what only the stock row had wrong is told by its reason. Where
    // the journal's numbers have a gap it can't be closed, and the row goes on behind all of them.
    private const string Sql = """
        -- integrity.repair_lock
        SELECT count(*) FROM (SELECT FROM stock s WHERE s.stock_id = @StockId::bigint FOR NO KEY UPDATE) AS locked;
        -- integrity.repair
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.on_hand, s.reserved, s.damaged, s.quality_control, s.in_transit, s.safety_stock, s.waiting, s.version
            FROM stock s WHERE s.stock_id = @StockId::bigint),
        held AS MATERIALIZED (
            SELECT coalesce(sum(l.quantity), 0)::bigint AS quantity
            FROM reservation r, unnest(r.stock_ids, coalesce(r.held, r.quantities)) AS l (stock_id, quantity)
            WHERE r.state = 2 AND l.stock_id = @StockId::bigint),
        way AS MATERIALIZED (
            SELECT coalesce(sum(t.quantity - t.received - t.lost - t.returned), 0)::bigint AS quantity
            FROM transfer t WHERE t.to_stock_id = @StockId::bigint),
        queue AS MATERIALIZED (
            SELECT coalesce(sum(q.quantity), 0)::bigint AS quantity FROM waiting_claim q WHERE q.stock_id = @StockId::bigint),
        written AS MATERIALIZED (
            SELECT count(*) AS changes, coalesce(max(j.version), 0) AS last, count(DISTINCT j.version) AS versions,
                coalesce(sum(j.on_hand), 0)::bigint AS on_hand, coalesce(sum(j.reserved), 0)::bigint AS reserved,
                coalesce(sum(j.damaged), 0)::bigint AS damaged, coalesce(sum(j.quality_control), 0)::bigint AS quality_control,
                coalesce(sum(j.in_transit), 0)::bigint AS in_transit, coalesce(sum(j.safety_stock), 0)::bigint AS safety_stock,
                coalesce(sum(j.waiting), 0)::bigint AS waiting
            FROM (
                SELECT h.version, h.on_hand, h.reserved, h.damaged, h.quality_control, h.in_transit, h.safety_stock, h.waiting
                FROM journal h WHERE h.stock_id = @StockId::bigint
                UNION ALL
                SELECT h.version, h.on_hand, h.reserved, h.damaged, h.quality_control, h.in_transit, h.safety_stock, h.waiting
                FROM journal_archive h WHERE h.stock_id = @StockId::bigint) j),
        truth AS MATERIALIZED (
            SELECT w.on_hand, h.quantity AS reserved, w.damaged, w.quality_control, y.quantity AS in_transit, w.safety_stock,
                q.quantity AS waiting,
                1 + CASE WHEN w.changes = w.last AND w.versions = w.last THEN w.last ELSE greatest(w.last, s.version) END AS version
            FROM shelf s, written w, held h, way y, queue q),
        mended AS MATERIALIZED (
            SELECT concat_ws(', ',
                CASE WHEN s.on_hand <> t.on_hand THEN format('on_hand %s to %s', s.on_hand, t.on_hand) END,
                CASE WHEN s.reserved <> t.reserved THEN format('reserved %s to %s', s.reserved, t.reserved) END,
                CASE WHEN s.damaged <> t.damaged THEN format('damaged %s to %s', s.damaged, t.damaged) END,
                CASE WHEN s.quality_control <> t.quality_control
                    THEN format('quality_control %s to %s', s.quality_control, t.quality_control) END,
                CASE WHEN s.in_transit <> t.in_transit THEN format('in_transit %s to %s', s.in_transit, t.in_transit) END,
                CASE WHEN s.safety_stock <> t.safety_stock THEN format('safety_stock %s to %s', s.safety_stock, t.safety_stock) END,
                CASE WHEN s.waiting <> t.waiting THEN format('waiting %s to %s', s.waiting, t.waiting) END,
                CASE WHEN w.reserved <> t.reserved THEN format('journaled reserved %s to %s', w.reserved, t.reserved) END,
                CASE WHEN w.in_transit <> t.in_transit THEN format('journaled in_transit %s to %s', w.in_transit, t.in_transit) END,
                CASE WHEN w.waiting <> t.waiting THEN format('journaled waiting %s to %s', w.waiting, t.waiting) END,
                CASE WHEN s.version <> w.last THEN format('version %s to %s', s.version, t.version) END) AS text
            FROM shelf s, truth t, written w),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN e.fingerprint = @Fingerprint THEN 2
                    WHEN e.fingerprint IS NOT NULL THEN 3
                    WHEN s.stock_id IS NULL THEN 4
                    WHEN m.text = '' THEN 5
                    WHEN least(t.reserved, t.damaged, t.quality_control, t.in_transit, t.safety_stock, t.waiting) < 0
                        OR t.on_hand < t.reserved + t.damaged + t.quality_control THEN 6
                    ELSE 1
                END AS outcome, e.answer, c.now
            FROM clock c LEFT JOIN seen e ON true LEFT JOIN shelf s ON true LEFT JOIN truth t ON true LEFT JOIN mended m ON true),
        moved AS (
            UPDATE stock s SET on_hand = t.on_hand, reserved = t.reserved, damaged = t.damaged, quality_control = t.quality_control,
                in_transit = t.in_transit, safety_stock = t.safety_stock, waiting = t.waiting, version = t.version, revision = s.revision + 1
            FROM judged j, truth t WHERE j.outcome = 1 AND s.stock_id = @StockId::bigint
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.available, s.version),
        journaled AS (
            INSERT INTO journal (at, stock_id, version, reserved, in_transit, waiting, kind, actor, origin, trace, reason)
            SELECT j.now, v.stock_id, v.version, nullif(t.reserved - w.reserved, 0), nullif(t.in_transit - w.in_transit, 0),
                nullif(t.waiting - w.waiting, 0), 91, @Caller, @Origin::int, @Trace::uuid, @Reason || ': ' || m.text
            FROM judged j, moved v, truth t, written w, mended m),
        answered AS MATERIALIZED (
            SELECT jsonb_build_object('stock_id', s.stock_id, 'found', to_jsonb(s), 'true', to_jsonb(t), 'mended', m.text) AS answer
            FROM shelf s, truth t, mended m),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT j.now, 'RepairStock', @StockId::text, @Key, @Caller, @Origin::int, @Trace::uuid FROM judged j WHERE j.outcome = 1),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, j.now, 84, a.answer FROM judged j, answered a WHERE j.outcome = 1)
        SELECT j.outcome, coalesce(CASE WHEN j.outcome = 2 THEN j.answer END, (SELECT a.answer FROM answered a))::text AS answer,
            v.stock_ids, v.item_ids, v.warehouse_ids, v.on_hand, v.reserved, v.available, v.versions
        FROM judged j, (
            SELECT array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids, array_agg(warehouse_id) AS warehouse_ids,
                array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved, array_agg(available) AS available,
                array_agg(version) AS versions
            FROM moved) v
        """;

    private static readonly JsonSerializerOptions ByColumn = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>Repairs it.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">Ends the wait; it may happen all the same, and the same request finds it.</param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<RepairAnswer> ExecuteAsync(StockRepair request, CancellationToken cancellation)
    {
        var parameters = new
        {
            Key = RequestKey.Id(request.Caller, request.RequestId),
            Fingerprint = request.Fingerprint(),
            StockId = request.StockId ?? await FindAsync(request, cancellation),
            Caller = request.Caller.Name,
            request.Caller.Origin,
            request.Caller.Trace,
            request.Reason,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var row = await RacedInsert.RunAsync(
            cell,
            async connection =>
            {
                await using var results = await connection.QueryMultipleAsync(command);
                await results.ReadSingleAsync<long>();
                return await results.ReadSingleAsync<Row>();
            },
            cancellation
        );
        committed.Publish(row.Levels());
        var outcome = (RepairOutcome)row.Outcome;
        if (row.Answer is null || outcome == RepairOutcome.RequestIdReused)
        {
            return new(outcome, null, null, null, "");
        }

        var stored = JsonSerializer.Deserialize<Stored>(row.Answer, ByColumn)!;
        return new(outcome, stored.StockId, stored.Found, stored.True, stored.Mended);
    }

    private async Task<long?> FindAsync(StockRepair request, CancellationToken cancellation)
    {
        var items = await directory.FindAsync([request.Sku], cancellation);
        var warehouse = await directory.FindWarehouseAsync(request.Warehouse, cancellation);
        return
            warehouse is not null
            && items.TryGetValue(request.Sku, out var item)
            && item.TryGetRow(warehouse.WarehouseId, out var row)
            ? row.StockId
            : null;
    }

    private sealed class Row : ChangedLevels
    {
        public int Outcome { get; init; }

        public string? Answer { get; init; }
    }

    private sealed record Stored(long StockId, RepairedLevels Found, RepairedLevels True, string Mended);
}
