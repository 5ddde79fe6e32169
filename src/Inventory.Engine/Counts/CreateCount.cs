using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Counts;

/// <summary>
/// Begins a count of a warehouse, once a request id. No stock is held and none is kept from being sold.
/// </summary>
public sealed class CreateCount(Cell cell, StockDirectory directory)
{
    // The lines are what is to be counted. Nothing is read of the stock yet: what is expected is what is there when a
    // line is recorded. The outcomes' numbers are CreateCountOutcome's.
    private const string Sql = """
        -- counts.create
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        place AS MATERIALIZED (
            SELECT w.warehouse_id, w.code FROM warehouse w WHERE w.warehouse_id = @WarehouseId::int),
        asked AS MATERIALIZED (
            SELECT q.name, i.item_id, i.sku, i.kit
            FROM unnest(@ItemIds::bigint[], @Names::text[]) AS q (item_id, name) LEFT JOIN item i ON i.item_id = q.item_id),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN e.fingerprint = @Fingerprint THEN 2
                    WHEN e.fingerprint IS NOT NULL THEN 3
                    WHEN p.warehouse_id IS NULL THEN 4
                    WHEN EXISTS (SELECT FROM asked WHERE item_id IS NULL) THEN 5
                    WHEN EXISTS (SELECT FROM asked WHERE kit) THEN 6
                    ELSE 1
                END AS outcome, e.answer, p.warehouse_id, p.code, c.now
            FROM clock c LEFT JOIN seen e ON true LEFT JOIN place p ON true),
        made AS (
            INSERT INTO stock_count (count_id, created_at, warehouse_id, whole, blind, warehouse, caller, request_id, reason)
            SELECT @Key, j.now, j.warehouse_id, @Whole, @Blind, j.code, @Caller, @RequestId, @Reason
            FROM judged j WHERE j.outcome = 1
            RETURNING count_id, created_at, ended_at, version, warehouse_id, state, whole, blind, warehouse, caller, request_id, reason),
        lined AS (
            INSERT INTO count_line (count_id, item_id, state, sku)
            SELECT DISTINCT m.count_id, a.item_id, 1, a.sku FROM made m, asked a
            UNION ALL
            SELECT m.count_id, s.item_id, 1, i.sku
            FROM made m JOIN stock s ON s.warehouse_id = m.warehouse_id JOIN item i ON i.item_id = s.item_id WHERE m.whole),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT m.created_at, 'CreateCount', m.count_id::text, @Key, @Caller, @Origin::int, @Trace::uuid FROM made m),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, m.created_at, 80, to_jsonb(m) FROM made m)
        SELECT j.outcome, coalesce((SELECT to_jsonb(m) FROM made m), j.answer)::text AS answer,
            ARRAY(SELECT a.name FROM asked a WHERE CASE j.outcome WHEN 5 THEN a.item_id IS NULL WHEN 6 THEN a.kit ELSE false END) AS names
        FROM judged j
        """;

    /// <summary>Begins it.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the count may be there all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<CreateCountAnswer> ExecuteAsync(NewCount request, CancellationToken cancellation)
    {
        var items = await directory.FindAsync(request.Items, cancellation);
        var warehouse = await directory.FindWarehouseAsync(request.Warehouse, cancellation);
        var parameters = new
        {
            Key = RequestKey.Id(request.Caller, request.RequestId),
            Fingerprint = request.Fingerprint(),
            warehouse?.WarehouseId,
            ItemIds = request.Items.Select(i => items.GetValueOrDefault(i)?.ItemId).ToArray(),
            Names = request.Items.ToArray(),
            Whole = request.Items.Count == 0,
            request.Blind,
            Caller = request.Caller.Name,
            request.Caller.Origin,
            request.Caller.Trace,
            request.RequestId,
            request.Reason,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var row = await RacedInsert.RunAsync(cell, c => c.QuerySingleAsync<Row>(command), cancellation);
        var outcome = (CreateCountOutcome)row.Outcome;
        var isThere = outcome is CreateCountOutcome.Created or CreateCountOutcome.Replayed;
        return new(outcome, isThere ? StoredCount.Parse(row.Answer!) : null, row.Names);
    }

    private sealed class Row
    {
        public int Outcome { get; init; }

        public string? Answer { get; init; }

        public string[] Names { get; init; } = [];
    }
}
