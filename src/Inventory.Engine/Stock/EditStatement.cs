using Dapper;
using Npgsql;

namespace Inventory.Engine.Stock;

/// <summary>
/// Judges a batch of edits, at most one of a stock row and of a request, and makes those that are in order. One round
/// trip, one implicit transaction: lock the rows, in key order, then judge and act on what a fresh snapshot shows.
/// </summary>
internal static class EditStatement
{
    // The outcomes' numbers are EditOutcome's. Replay comes before every refusal. The key is inserted plainly: a racing
    // twin on another lane violates it, the batch is run again and finds it.
    private const string Sql = """
        -- stock.edit_lock
        SELECT count(*) FROM (SELECT FROM stock WHERE stock_id = ANY (@StockIds) ORDER BY stock_id FOR NO KEY UPDATE) AS locked;
        -- stock.edit
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.request_key, r.fingerprint, r.answer FROM request r WHERE r.request_key = ANY (@Keys)),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.item_id, s.warehouse_id, s.discontinued, s.on_hand, s.reserved, s.damaged, s.quality_control,
                s.in_transit, s.safety_stock, s.waiting, s.version, s.revision
            FROM stock s WHERE s.stock_id = ANY (@StockIds)),
        shut AS MATERIALIZED (
            SELECT w.warehouse_id FROM warehouse w
            WHERE w.warehouse_id = ANY (ARRAY(SELECT DISTINCT warehouse_id FROM shelf)) AND NOT w.active),
        asked AS MATERIALIZED (
            SELECT q.place, q.request_key, q.fingerprint, q.kind, q.expected, q.actor, q.origin, q.trace, q.reason,
                CASE WHEN q.kind = 10 THEN q.amount ELSE k.on_hand + q.amount END AS wanted,
                k.damaged + q.to_damaged AS damaged_wanted, k.quality_control + q.to_quality_control AS quality_control_wanted,
                q.to_damaged, q.to_quality_control,
                e.fingerprint AS seen, e.answer, k.stock_id, k.item_id, k.warehouse_id, k.discontinued, k.on_hand, k.reserved, k.damaged,
                k.quality_control, k.in_transit, k.safety_stock, k.waiting, k.version, k.revision
            FROM unnest(@Keys::uuid[], @Fingerprints::bigint[], @TargetIds::bigint[], @Kinds::smallint[], @Amounts::bigint[],
                    @Damaged::bigint[], @QualityControl::bigint[], @Expected::bigint[], @Actors::text[], @Origins::int[], @Traces::uuid[],
                    @Reasons::text[])
                WITH ORDINALITY AS q (request_key, fingerprint, stock_id, kind, amount, to_damaged, to_quality_control, expected, actor, origin,
                    trace, reason, place)
            LEFT JOIN seen e ON e.request_key = q.request_key
            LEFT JOIN shelf k ON k.stock_id = q.stock_id),
        judged AS MATERIALIZED (
            SELECT a.*,
                CASE
                    WHEN a.seen = a.fingerprint THEN 2
                    WHEN a.seen IS NOT NULL THEN 3
                    WHEN a.stock_id IS NULL THEN 6
                    WHEN a.expected <> a.revision THEN 7
                    WHEN a.kind = 7 AND a.discontinued THEN 8
                    WHEN a.kind = 7 AND a.warehouse_id IN (SELECT warehouse_id FROM shut) THEN 9
                    WHEN least(a.damaged_wanted, a.quality_control_wanted) < 0
                        OR a.wanted < a.reserved + a.damaged_wanted + a.quality_control_wanted THEN 10
                    WHEN a.wanted > 9007199254740991 THEN 11
                    ELSE 1
                END AS outcome
            FROM asked a),
        moved AS (
            UPDATE stock s SET on_hand = j.wanted, damaged = j.damaged_wanted, quality_control = j.quality_control_wanted, version = s.version + 1, revision = s.revision + 1
            FROM judged j
            WHERE j.outcome = 1 AND s.stock_id = j.stock_id AND s.stock_id = ANY (@StockIds)),
        written AS (
            INSERT INTO journal (at, stock_id, version, on_hand, damaged, quality_control, kind, actor, origin, trace, reason)
            SELECT (SELECT now FROM clock), j.stock_id, j.version + 1, nullif(j.wanted - j.on_hand, 0), nullif(j.to_damaged, 0),
                nullif(j.to_quality_control, 0), j.kind, j.actor, j.origin, j.trace, j.reason
            FROM judged j WHERE j.outcome = 1
            ORDER BY j.stock_id),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT j.request_key, j.fingerprint, (SELECT now FROM clock), 1, jsonb_build_object(
                'stock_id', j.stock_id, 'on_hand', j.wanted, 'reserved', j.reserved, 'damaged', j.damaged_wanted,
                'quality_control', j.quality_control_wanted, 'in_transit', j.in_transit, 'safety_stock', j.safety_stock, 'waiting', j.waiting,
                'version', j.version + 1, 'revision', j.revision + 1)
            FROM judged j WHERE j.outcome = 1
            ORDER BY j.request_key)
        SELECT j.place::int, j.outcome, j.answer::text, j.wanted, j.damaged_wanted, j.quality_control_wanted, j.stock_id,
            j.item_id, j.warehouse_id, j.on_hand, j.reserved, j.damaged, j.quality_control, j.in_transit, j.safety_stock, j.waiting, j.version, j.revision
        FROM judged j
        """;

    /// <summary>Runs it. Nothing is judged in here.</summary>
    internal static async Task<IEnumerable<EditRow>> ExecuteAsync(
        NpgsqlConnection connection,
        EditParameters parameters
    )
    {
        await using var results = await connection.QueryMultipleAsync(Sql, parameters);
        await results.ReadSingleAsync<long>();
        return await results.ReadAsync<EditRow>();
    }
}

/// <summary>The parameters: the keys of all rows, and one element an edit in each of the other arrays.</summary>
internal sealed class EditParameters
{
    /// <summary>Distinct, ascending.</summary>
    public required long[] StockIds { get; init; }

    public required Guid[] Keys { get; init; }

    public required long[] Fingerprints { get; init; }

    /// <summary>None where the target is not known: the edit can be replayed, and not made.</summary>
    public required long?[] TargetIds { get; init; }

    public required short[] Kinds { get; init; }

    public required long[] Amounts { get; init; }

    /// <summary>What is to be added to damaged.</summary>
    public required long[] Damaged { get; init; }

    /// <summary>What is to be added to quality control.</summary>
    public required long[] QualityControl { get; init; }

    public required long?[] Expected { get; init; }

    public required string[] Actors { get; init; }

    public required int?[] Origins { get; init; }

    public required Guid?[] Traces { get; init; }

    public required string?[] Reasons { get; init; }
}

/// <summary>One edit as judged.</summary>
internal sealed class EditRow
{
    /// <summary>From 1, in the order of the parameters.</summary>
    public int Place { get; init; }

    public int Outcome { get; init; }

    /// <summary>What was stored, as JSON, if the key was there.</summary>
    public string? Answer { get; init; }

    /// <summary>What on hand is to be.</summary>
    public long Wanted { get; init; }

    public long DamagedWanted { get; init; }

    public long QualityControlWanted { get; init; }

    /// <summary>None if there is no such row; else it and what follows are the row as it was before the edit.</summary>
    public long? StockId { get; init; }

    public long ItemId { get; init; }

    public int WarehouseId { get; init; }

    public long OnHand { get; init; }

    public long Reserved { get; init; }

    public long Damaged { get; init; }

    public long QualityControl { get; init; }

    public long InTransit { get; init; }

    public long SafetyStock { get; init; }

    public long Waiting { get; init; }

    public long Version { get; init; }

    public long Revision { get; init; }
}
