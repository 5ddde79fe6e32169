using Dapper;
using Npgsql;

namespace Inventory.Engine.Scans;

/// <summary>
/// The two round trips of a batch's transaction. Locks: the stock rows in key order, then the keys of the scans that
/// are inserted, in their order. Who inserts has all its stock rows, so nobody waits for both.
/// </summary>
internal static class ScanStatements
{
    // Subqueries that the planner cannot turn into joins: it has no nested loops here, and would read the whole table.
    private const string TakeSql = """
        -- scans.take_lock
        SELECT count(*) FROM (SELECT FROM stock WHERE stock_id = ANY (@StockIds) ORDER BY stock_id FOR NO KEY UPDATE) AS locked;
        -- scans.take_shelves
        SELECT s.stock_id, s.item_id, s.warehouse_id, s.discontinued, s.on_hand, s.reserved, s.damaged, s.quality_control, s.safety_stock,
            s.waiting, s.version, s.revision
        FROM stock s WHERE s.stock_id = ANY (@StockIds);
        -- scans.take_shut
        SELECT w.warehouse_id FROM warehouse w WHERE w.warehouse_id = ANY (@WarehouseIds) AND NOT w.active;
        -- scans.take_barcodes
        SELECT b.gtin, b.item_id FROM barcode b WHERE b.gtin = ANY (@Gtins);
        -- scans.take_seen
        SELECT q.place::int - 1
        FROM unnest(@DeviceIds::text[], @Sequences::bigint[]) WITH ORDINALITY AS q (device_id, sequence, place)
        WHERE (SELECT true FROM scan s WHERE s.device_id = q.device_id AND s.sequence = q.sequence);
        -- scans.take_reads
        SELECT q.place
        FROM unnest(@TagPlaces::int[], @Tags::text[], @TagWarehouseIds::int[], @TagMeanings::smallint[], @TagTimes::timestamptz[])
            AS q (place, tag, warehouse_id, meaning, at)
        WHERE (
            SELECT true FROM scan s
            WHERE s.tag = q.tag AND s.warehouse_id = q.warehouse_id AND s.meaning = q.meaning
                AND s.scanned_at > q.at - make_interval(secs => @WindowSeconds::double precision)
                AND s.scanned_at < q.at + make_interval(secs => @WindowSeconds::double precision)
            LIMIT 1)
        """;

    // The rows are locked and were judged as they are, so nothing is guarded again but the scans' own keys: whoever
    // finds fewer kept than it judged has met another server with the same scans, and judges anew. Positions are drawn
    // in the order of the changes, which is that of each row's versions.
    private const string WriteSql = """
        -- scans.write
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        kept AS (
            INSERT INTO scan (scan_id, received_at, scanned_at, sequence, quantity, item_id, available, warehouse_id, to_warehouse_id, meaning,
                stock_state, state, problem, device_id, caller, identifier, gtin, tag, warehouse, to_warehouse, reason, reference, detail)
            SELECT q.scan_id, (SELECT now FROM clock), 'epoch'::timestamptz + q.scanned_at * interval '1 microsecond', q.sequence, q.quantity, q.item_id, q.available, q.warehouse_id,
                q.to_warehouse_id, q.meaning, q.stock_state, q.state, q.problem, q.device_id, q.caller, q.identifier, q.gtin, q.tag,
                q.warehouse, q.to_warehouse, q.reason, q.reference, q.detail
            FROM unnest(@ScanIds::uuid[], @ScannedAt::bigint[], @Sequences::bigint[], @Quantities::bigint[], @ItemIds::bigint[],
                    @Available::bigint[], @WarehouseIds::int[], @ToWarehouseIds::int[], @Meanings::smallint[], @StockStates::smallint[],
                    @States::smallint[], @Problems::smallint[], @DeviceIds::text[], @Callers::text[], @Identifiers::text[], @Gtins::text[],
                    @Tags::text[], @Warehouses::text[], @ToWarehouses::text[], @Reasons::text[], @References::text[], @Details::text[])
                AS q (scan_id, scanned_at, sequence, quantity, item_id, available, warehouse_id, to_warehouse_id, meaning, stock_state, state,
                    problem, device_id, caller, identifier, gtin, tag, warehouse, to_warehouse, reason, reference, detail)
            ORDER BY q.device_id, q.sequence
            ON CONFLICT (device_id, sequence) DO NOTHING
            RETURNING scan_id),
        moved AS (
            UPDATE stock s SET on_hand = f.on_hand, damaged = f.damaged, quality_control = f.quality_control, version = f.version,
                revision = f.revision
            FROM unnest(@StockIds::bigint[], @OnHand::bigint[], @Damaged::bigint[], @QualityControl::bigint[], @Versions::bigint[],
                    @Revisions::bigint[])
                AS f (stock_id, on_hand, damaged, quality_control, version, revision)
            WHERE s.stock_id = f.stock_id AND s.stock_id = ANY (@StockIds)
            RETURNING s.stock_id),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, on_hand, damaged, quality_control, kind, actor, reason)
            SELECT (SELECT now FROM clock), q.stock_id, q.version, q.document, nullif(q.on_hand, 0), nullif(q.damaged, 0),
                nullif(q.quality_control, 0), q.kind, q.actor, q.reason
            FROM unnest(@ChangedIds::bigint[], @ChangeVersions::bigint[], @Documents::uuid[], @OnHandDeltas::bigint[],
                    @DamagedDeltas::bigint[], @QualityControlDeltas::bigint[], @Kinds::smallint[], @Actors::text[], @ChangeReasons::text[])
                WITH ORDINALITY AS q (stock_id, version, document, on_hand, damaged, quality_control, kind, actor, reason, place)
            ORDER BY q.place)
        SELECT (SELECT count(*) FROM kept) AS kept, (SELECT count(*) FROM moved) AS moved
        """;

    /// <summary>Locks the stock rows, and reads what the scans are judged by.</summary>
    internal static async Task<FoundScans> TakeAsync(NpgsqlConnection connection, TakenScans parameters)
    {
        await using var results = await connection.QueryMultipleAsync(TakeSql, parameters);
        await results.ReadSingleAsync<long>();
        return new()
        {
            Shelves = (await results.ReadAsync<ScanShelf>()).ToDictionary(s => s.StockId),
            Shut = [.. await results.ReadAsync<int>()],
            Barcodes = (await results.ReadAsync<(string Gtin, long ItemId)>()).ToDictionary(
                b => b.Gtin,
                b => b.ItemId,
                StringComparer.Ordinal
            ),
            Seen = [.. await results.ReadAsync<int>()],
            Repeated = [.. await results.ReadAsync<int>()],
        };
    }

    /// <returns>Whether all of it was written; otherwise the transaction is to be rolled back.</returns>
    internal static async Task<bool> WriteAsync(NpgsqlConnection connection, WrittenScans parameters)
    {
        var (kept, moved) = await connection.QuerySingleAsync<(long Kept, long Moved)>(WriteSql, parameters);
        return moved == parameters.StockIds.Length
            ? kept == parameters.ScanIds.Length
            : throw new InvalidOperationException($"{parameters.StockIds.Length - moved} locked stock rows are gone.");
    }
}
