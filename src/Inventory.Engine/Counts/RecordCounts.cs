using System.Text.Json;
using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Npgsql;

namespace Inventory.Engine.Counts;

/// <summary>
/// Records what was found, once a request id: beside it what the stock says at that moment, read under its lock. What
/// is counted again replaces what was recorded before.
/// </summary>
public sealed class RecordCounts(Cell cell, StockDirectory directory, OpenStock open)
{
    // Locks in the one order of the engine: the document, then its stock rows by id. The outcomes' numbers are
    // RecordCountsOutcome's. An item is counted in all (state 1) or apart, and what is recorded the other way goes.
    private const string Sql = """
        -- counts.record_lock
        SELECT count(*) FROM (SELECT FROM stock_count c WHERE c.count_id = @CountId FOR NO KEY UPDATE) AS locked;
        -- counts.record_lock_stock
        SELECT count(*) FROM (
            SELECT FROM stock s
            WHERE s.stock_id = ANY (ARRAY(
                SELECT k.stock_id
                FROM stock_count c JOIN stock k ON k.warehouse_id = c.warehouse_id
                WHERE c.count_id = @CountId AND c.state = 1 AND k.item_id = ANY (@ItemIds::bigint[])))
            ORDER BY s.stock_id FOR NO KEY UPDATE) AS locked;
        -- counts.record
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        document AS MATERIALIZED (
            SELECT c.count_id, c.created_at, c.ended_at, c.version, c.warehouse_id, c.state, c.whole, c.blind, c.warehouse, c.caller,
                c.request_id, c.reason
            FROM stock_count c WHERE c.count_id = @CountId),
        asked AS MATERIALIZED (
            SELECT q.place, q.name, q.state, q.counted, i.item_id, i.sku, i.kit, i.unit_cost, i.unit_cost_currency, s.stock_id,
                s.version AS stock_version,
                CASE q.state
                    WHEN 1 THEN s.on_hand
                    WHEN 2 THEN s.on_hand - s.damaged - s.quality_control
                    WHEN 3 THEN s.damaged
                    WHEN 4 THEN s.quality_control
                END AS expected,
                d.whole OR EXISTS (SELECT FROM count_line l WHERE l.count_id = d.count_id AND l.item_id = i.item_id) AS listed,
                EXISTS (
                    SELECT FROM count_line l
                    WHERE l.count_id = d.count_id AND l.item_id = i.item_id AND l.approved_at IS NOT NULL
                        AND (l.state = q.state OR (l.state = 1) <> (q.state = 1))) AS settled
            FROM document d, unnest(@ItemIds::bigint[], @Names::text[], @States::smallint[], @Counted::bigint[])
                WITH ORDINALITY AS q (item_id, name, state, counted, place)
            LEFT JOIN item i ON i.item_id = q.item_id
            LEFT JOIN stock s ON s.item_id = i.item_id AND s.warehouse_id = (SELECT warehouse_id FROM document)),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN e.fingerprint = @Fingerprint THEN 2
                    WHEN e.fingerprint IS NOT NULL THEN 3
                    WHEN d.count_id IS NULL THEN 4
                    WHEN d.state <> 1 THEN 5
                    WHEN EXISTS (SELECT FROM asked WHERE item_id IS NULL) THEN 6
                    WHEN EXISTS (SELECT FROM asked WHERE kit) THEN 7
                    WHEN EXISTS (SELECT FROM asked WHERE NOT listed) THEN 8
                    WHEN EXISTS (SELECT FROM asked WHERE settled) THEN 9
                    WHEN EXISTS (SELECT FROM asked WHERE stock_id IS NULL) THEN 99
                    ELSE 1
                END AS outcome, e.answer, c.now
            FROM clock c LEFT JOIN seen e ON true LEFT JOIN document d ON true),
        going AS MATERIALIZED (
            SELECT a.place, a.item_id, a.sku, a.state, a.stock_id, a.stock_version, a.expected, a.counted, a.unit_cost, a.unit_cost_currency, j.now
            FROM judged j, asked a WHERE j.outcome = 1),
        cleared AS (
            DELETE FROM count_line l USING going g
            WHERE l.count_id = @CountId AND l.item_id = g.item_id AND (l.state = 1) <> (g.state = 1)),
        recorded AS (
            INSERT INTO count_line AS l (count_id, item_id, state, sku, stock_id, stock_version, expected, counted, unit_cost,
                unit_cost_currency, counted_at, counted_by)
            SELECT @CountId, g.item_id, g.state, g.sku, g.stock_id, g.stock_version, g.expected, g.counted, g.unit_cost,
                g.unit_cost_currency, g.now, @Caller
            FROM going g
            ON CONFLICT (count_id, item_id, state) DO UPDATE SET stock_id = excluded.stock_id, stock_version = excluded.stock_version,
                expected = excluded.expected, counted = excluded.counted, unit_cost = excluded.unit_cost,
                unit_cost_currency = excluded.unit_cost_currency, counted_at = excluded.counted_at, counted_by = excluded.counted_by),
        advanced AS (
            UPDATE stock_count c SET version = c.version + 1 FROM judged j WHERE j.outcome = 1 AND c.count_id = @CountId
            RETURNING c.count_id, c.created_at, c.ended_at, c.version, c.warehouse_id, c.state, c.whole, c.blind, c.warehouse, c.caller,
                c.request_id, c.reason),
        answered AS MATERIALIZED (
            SELECT jsonb_build_object('count', to_jsonb(a), 'lines', (
                SELECT jsonb_agg(jsonb_build_object('item_id', g.item_id, 'sku', g.sku, 'state', g.state, 'counted', g.counted,
                    'expected', g.expected, 'stock_version', g.stock_version,
                    'value', trim_scale(abs(g.counted - g.expected) * g.unit_cost)::text, 'currency', g.unit_cost_currency,
                    'counted_at', g.now, 'counted_by', @Caller::text) ORDER BY g.place)
                FROM going g)) AS answer
            FROM advanced a),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT j.now, 'RecordCounts', @CountId::text, @Key, @Caller, @Origin::int, @Trace::uuid FROM judged j WHERE j.outcome = 1),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, j.now, 81, a.answer FROM judged j, answered a)
        SELECT j.outcome, coalesce((SELECT a.answer FROM answered a), CASE WHEN j.outcome = 2 THEN j.answer END,
                (SELECT jsonb_build_object('count', to_jsonb(d)) FROM document d))::text AS answer,
            ARRAY(
                SELECT a.name FROM asked a
                WHERE CASE j.outcome
                    WHEN 6 THEN a.item_id IS NULL WHEN 7 THEN a.kit WHEN 8 THEN NOT a.listed WHEN 9 THEN a.settled WHEN 99 THEN a.stock_id IS NULL
                    ELSE false
                END
                ORDER BY a.place) AS names
        FROM judged j
        """;

    /// <summary>A number beside those of the outcomes: all is well, but some items have no row there yet.</summary>
    private const int RowsMissing = 99;

    /// <summary>Records it, all lines or none.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; it may be recorded all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<RecordCountsAnswer> ExecuteAsync(CountRecording request, CancellationToken cancellation)
    {
        var names = request.Lines.Select(l => l.Item).Distinct().ToArray();
        var items = await directory.FindAsync(names, cancellation);
        var twice = CountedTwice(request, items);
        if (twice.Length > 0)
        {
            return new(RecordCountsOutcome.CountedTwice, null, [], twice);
        }

        var command = Command(request, items, cancellation);
        while (true)
        {
            var row = await RacedInsert.RunAsync(cell, c => RunAsync(c, command), cancellation);
            if (row.Outcome != RowsMissing)
            {
                return Answer(row);
            }

            var count = Parse(row.Answer!).Count!.ToCount();
            var warehouse = await directory.FindWarehouseAsync(PublicId.Warehouse(count.WarehouseId), cancellation);
            if (warehouse is null)
            {
                // It went with all its stock: what is found there belongs to nothing.
                return new(RecordCountsOutcome.NotInCount, count, [], row.Names);
            }

            await open.ExecuteAsync(
                [.. row.Names.Select(n => (items[n], warehouse))],
                false,
                request.Caller,
                cancellation
            );
        }
    }

    /// <summary>The same line twice, by one name or two; or an item in all and apart.</summary>
    private static string[] CountedTwice(CountRecording request, IReadOnlyDictionary<string, ItemRows> items) =>
        [
            .. request
                .Lines.Where(l => items.ContainsKey(l.Item))
                .GroupBy(l => items[l.Item].ItemId)
                .Where(g =>
                    g.DistinctBy(l => l.State).Count() < g.Count()
                    || (g.Count() > 1 && g.Any(l => l.State == CountedState.Total))
                )
                .Select(g => g.First().Item),
        ];

    private static RecordCountsAnswer Answer(Row row)
    {
        var outcome = (RecordCountsOutcome)row.Outcome;
        var stored = row.Answer is null ? new Stored() : Parse(row.Answer);
        return new(outcome, stored.Count?.ToCount(), stored.Lines, row.Names);
    }

    private static Stored Parse(string answer) => JsonSerializer.Deserialize<Stored>(answer, StoredCount.ByColumn)!;

    private static CommandDefinition Command(
        CountRecording request,
        IReadOnlyDictionary<string, ItemRows> items,
        CancellationToken cancellation
    ) =>
        new(
            Sql,
            new
            {
                Key = RequestKey.Id(request.Caller, request.RequestId),
                Fingerprint = request.Fingerprint(),
                request.CountId,
                ItemIds = request.Lines.Select(l => items.GetValueOrDefault(l.Item)?.ItemId).ToArray(),
                Names = request.Lines.Select(l => l.Item).ToArray(),
                States = request.Lines.Select(l => (short)l.State).ToArray(),
                Counted = request.Lines.Select(l => l.Quantity).ToArray(),
                Caller = request.Caller.Name,
                request.Caller.Origin,
                request.Caller.Trace,
            },
            cancellationToken: cancellation
        );

    private static async Task<Row> RunAsync(NpgsqlConnection connection, CommandDefinition command)
    {
        await using var results = await connection.QueryMultipleAsync(command);
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<long>();
        return await results.ReadSingleAsync<Row>();
    }

    private sealed class Row
    {
        public int Outcome { get; init; }

        public string? Answer { get; init; }

        public string[] Names { get; init; } = [];
    }

    private sealed class Stored
    {
        public StoredCount? Count { get; init; }

        public CountLine[] Lines { get; init; } = [];
    }
}
