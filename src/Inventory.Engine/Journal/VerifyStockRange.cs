using Dapper;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>
/// Verifies the stock rows of a range of ids, within the snapshot of the transaction that it runs in.
/// </summary>
internal static class VerifyStockRange
{
    // What is in the archive counts as what is not. The journal's index on stock row and version gives a range's
    // changes in order, so the count over each row's changes needs no sort. Held lines and changes of reservations are
    // also asked the other way round: what has no stock row, or no reservation, is wrong too. A transfer has a leg at
    // each of its rows, and what the journal tells of it there adds up to what the transfer says of itself.
    private const string Sql = """
        -- journal.verify_stock
        WITH held AS MATERIALIZED (
            SELECT stock_id, quantity FROM unnest(@HeldStockIds::bigint[], @HeldQuantities::bigint[]) AS h (stock_id, quantity)),
        change AS MATERIALIZED (
            SELECT j.stock_id, j.version, j.document, j.kind, j.on_hand, j.reserved, j.damaged, j.quality_control, j.in_transit,
                j.safety_stock, j.waiting, row_number() OVER (PARTITION BY j.stock_id ORDER BY j.version) AS place
            FROM (
                SELECT h.stock_id, h.version, h.document, h.kind, h.on_hand, h.reserved, h.damaged, h.quality_control, h.in_transit,
                    h.safety_stock, h.waiting
                FROM journal h WHERE h.stock_id >= @First AND h.stock_id < @Beyond
                UNION ALL
                SELECT h.stock_id, h.version, h.document, h.kind, h.on_hand, h.reserved, h.damaged, h.quality_control, h.in_transit,
                    h.safety_stock, h.waiting
                FROM journal_archive h WHERE h.stock_id >= @First AND h.stock_id < @Beyond) j),
        written AS MATERIALIZED (
            SELECT stock_id, count(*) AS changes, bool_and(place = version) AS dense, max(version) AS last,
                coalesce(sum(on_hand), 0)::bigint AS on_hand, coalesce(sum(reserved), 0)::bigint AS reserved,
                coalesce(sum(damaged), 0)::bigint AS damaged, coalesce(sum(quality_control), 0)::bigint AS quality_control,
                coalesce(sum(in_transit), 0)::bigint AS in_transit, coalesce(sum(safety_stock), 0)::bigint AS safety_stock,
                coalesce(sum(waiting), 0)::bigint AS waiting
            FROM change GROUP BY stock_id),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.damaged, s.quality_control, s.in_transit,
                s.safety_stock, s.waiting, s.version, coalesce(h.quantity, 0) AS held, coalesce(w.changes, 0) AS changes,
                coalesce(w.dense, true) AS dense, coalesce(w.last, 0) AS last,
                coalesce(w.on_hand, 0) AS on_hand_journaled, coalesce(w.reserved, 0) AS reserved_journaled,
                coalesce(w.damaged, 0) AS damaged_journaled, coalesce(w.quality_control, 0) AS quality_control_journaled,
                coalesce(w.in_transit, 0) AS in_transit_journaled, coalesce(w.safety_stock, 0) AS safety_stock_journaled,
                coalesce(w.waiting, 0) AS waiting_journaled,
                coalesce((SELECT sum(q.quantity) FROM waiting_claim q WHERE q.stock_id = s.stock_id), 0)::bigint AS queued
            FROM stock s LEFT JOIN held h ON h.stock_id = s.stock_id LEFT JOIN written w ON w.stock_id = s.stock_id
            WHERE s.stock_id >= @First AND s.stock_id < @Beyond),
        document AS MATERIALIZED (
            SELECT stock_id, document, count(*) AS changes, coalesce(sum(reserved), 0)::bigint AS reserved,
                coalesce(sum(on_hand), 0)::bigint AS on_hand, bool_or(kind = 42) AS reacquired
            FROM change WHERE kind <= 6 OR kind IN (40, 42, 51) GROUP BY stock_id, document),
        line AS MATERIALIZED (
            SELECT u.reservation_id, u.state, u.parted, u.stock_id, coalesce(u.held, u.quantity) AS held, coalesce(u.confirmed, 0) AS confirmed
            FROM (
                SELECT r.reservation_id, r.state, r.held IS NOT NULL AS parted, unnest(r.stock_ids) AS stock_id,
                    unnest(r.quantities) AS quantity, unnest(r.held) AS held, unnest(r.confirmed) AS confirmed
                FROM reservation r WHERE r.reservation_id = ANY (ARRAY(SELECT DISTINCT document FROM document))
                UNION ALL
                SELECT r.reservation_id, r.state, r.held IS NOT NULL, unnest(r.stock_ids), unnest(r.quantities), unnest(r.held),
                    unnest(r.confirmed)
                FROM reservation_archive r WHERE r.reservation_id = ANY (ARRAY(SELECT DISTINCT document FROM document))) u),
        ended AS MATERIALIZED (
            SELECT d.stock_id, d.document, d.changes, d.reserved, d.on_hand,
                CASE WHEN l.state = 2 THEN l.held ELSE 0 END AS reserved_expected,
                CASE WHEN l.state IN (3, 4) THEN -l.confirmed - l.held ELSE -coalesce(l.confirmed, 0) END AS on_hand_expected,
                CASE
                    WHEN l.state IS NULL THEN 0
                    WHEN l.parted OR d.reacquired THEN d.changes
                    WHEN l.state = 2 THEN 1
                    ELSE 2
                END AS changes_expected
            FROM document d LEFT JOIN line l ON l.reservation_id = d.document AND l.stock_id = d.stock_id),
        leg AS MATERIALIZED (
            SELECT t.from_stock_id AS stock_id, t.transfer_id, t.returned - t.quantity AS on_hand, 0::bigint AS in_transit
            FROM transfer t WHERE t.from_stock_id >= @First AND t.from_stock_id < @Beyond
            UNION ALL
            SELECT t.to_stock_id, t.transfer_id, t.received, t.quantity - t.received - t.lost - t.returned
            FROM transfer t WHERE t.to_stock_id >= @First AND t.to_stock_id < @Beyond),
        way AS MATERIALIZED (
            SELECT stock_id, sum(in_transit)::bigint AS in_transit FROM leg GROUP BY stock_id),
        told AS MATERIALIZED (
            SELECT stock_id, document, coalesce(sum(on_hand), 0)::bigint AS on_hand, coalesce(sum(in_transit), 0)::bigint AS in_transit
            FROM change WHERE kind BETWEEN 21 AND 24 GROUP BY stock_id, document),
        moved AS MATERIALIZED (
            SELECT coalesce(l.stock_id, d.stock_id) AS stock_id, coalesce(l.transfer_id, d.document) AS transfer_id,
                coalesce(l.on_hand, 0) AS on_hand_expected, coalesce(l.in_transit, 0) AS in_transit_expected,
                coalesce(d.on_hand, 0) AS on_hand, coalesce(d.in_transit, 0) AS in_transit
            FROM leg l FULL JOIN told d ON d.document = l.transfer_id AND d.stock_id = l.stock_id),
        wrong AS (
            SELECT 1 AS invariant, stock_id, NULL::uuid AS document, on_hand AS expected,
                reserved + damaged + quality_control AS actual
            FROM shelf
            WHERE least(reserved, damaged, quality_control, in_transit, safety_stock) < 0 OR reserved + damaged + quality_control > on_hand
            UNION ALL SELECT 2, stock_id, NULL, held, reserved FROM shelf WHERE reserved <> held
            UNION ALL SELECT 2, h.stock_id, NULL, h.quantity, 0 FROM held h
                WHERE NOT EXISTS (SELECT FROM shelf k WHERE k.stock_id = h.stock_id)
            UNION ALL SELECT 3, stock_id, NULL, on_hand_journaled, on_hand FROM shelf WHERE on_hand <> on_hand_journaled
            UNION ALL SELECT 4, stock_id, NULL, reserved_journaled, reserved FROM shelf WHERE reserved <> reserved_journaled
            UNION ALL SELECT 6, stock_id, NULL, damaged_journaled, damaged FROM shelf WHERE damaged <> damaged_journaled
            UNION ALL SELECT 7, stock_id, NULL, quality_control_journaled, quality_control FROM shelf
                WHERE quality_control <> quality_control_journaled
            UNION ALL SELECT 8, stock_id, NULL, in_transit_journaled, in_transit FROM shelf WHERE in_transit <> in_transit_journaled
            UNION ALL SELECT 9, stock_id, NULL, safety_stock_journaled, safety_stock FROM shelf
                WHERE safety_stock <> safety_stock_journaled
            UNION ALL SELECT 15, stock_id, NULL, waiting_journaled, waiting FROM shelf WHERE waiting <> waiting_journaled
            UNION ALL SELECT 16, stock_id, NULL, queued, waiting FROM shelf WHERE waiting <> queued
            UNION ALL SELECT 10, stock_id, NULL, changes, version FROM shelf WHERE version <> changes OR version <> last OR NOT dense
            UNION ALL SELECT 11, e.stock_id, e.document, e.reserved_expected, e.reserved FROM ended e
                WHERE e.reserved <> e.reserved_expected OR e.on_hand <> e.on_hand_expected OR e.changes <> e.changes_expected
            UNION ALL SELECT 12, h.stock_id, NULL, coalesce(y.in_transit, 0), h.in_transit FROM shelf h LEFT JOIN way y ON y.stock_id = h.stock_id
                WHERE h.in_transit <> coalesce(y.in_transit, 0)
            UNION ALL SELECT 12, y.stock_id, NULL, y.in_transit, 0 FROM way y
                WHERE y.in_transit <> 0 AND NOT EXISTS (SELECT FROM shelf k WHERE k.stock_id = y.stock_id)
            UNION ALL SELECT 13, m.stock_id, m.transfer_id,
                CASE WHEN m.on_hand <> m.on_hand_expected THEN m.on_hand_expected ELSE m.in_transit_expected END,
                CASE WHEN m.on_hand <> m.on_hand_expected THEN m.on_hand ELSE m.in_transit END
                FROM moved m WHERE m.on_hand <> m.on_hand_expected OR m.in_transit <> m.in_transit_expected)
        SELECT w.invariant, w.stock_id, i.sku, h.code AS warehouse, CASE WHEN w.invariant <> 13 THEN w.document END AS reservation_id,
            CASE WHEN w.invariant = 13 THEN w.document END AS transfer_id, w.expected, w.actual,
            (SELECT count(*) FROM shelf) AS stock_rows
        FROM (SELECT) AS always LEFT JOIN wrong w ON true
        LEFT JOIN stock s ON s.stock_id = w.stock_id
        LEFT JOIN item i ON i.item_id = s.item_id LEFT JOIN warehouse h ON h.warehouse_id = s.warehouse_id
        ORDER BY w.stock_id, w.invariant
        """;

    /// <param name="connection">In the transaction whose snapshot is verified.</param>
    /// <param name="first">The first id.</param>
    /// <param name="beyond">The first id that is not of the range any more.</param>
    /// <param name="held">The sums of the held lines of these ids.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static async Task<VerifiedRange> ExecuteAsync(
        NpgsqlConnection connection,
        long first,
        long beyond,
        IReadOnlyList<HeldLine> held,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            First = first,
            Beyond = beyond,
            HeldStockIds = held.Select(h => h.StockId).ToArray(),
            HeldQuantities = held.Select(h => h.Quantity).ToArray(),
        };
        var rows = await connection.QueryAsync<Row>(VerifyInventory.Command(Sql, parameters, cancellation));
        var found = rows.AsList();
        return new(found[0].StockRows, [.. found.Where(r => r.Invariant is not null).Select(r => r.Violation())]);
    }

    private sealed class Row
    {
        public int? Invariant { get; init; }

        public long? StockId { get; init; }

        public string? Sku { get; init; }

        public string? Warehouse { get; init; }

        public Guid? ReservationId { get; init; }

        public Guid? TransferId { get; init; }

        public long? Expected { get; init; }

        public long? Actual { get; init; }

        public long StockRows { get; init; }

        internal VerifyViolation Violation() =>
            new()
            {
                Invariant = (StockInvariant)Invariant!.Value,
                StockId = StockId,
                Sku = Sku,
                Warehouse = Warehouse,
                ReservationId = ReservationId,
                TransferId = TransferId,
                Expected = Expected!.Value,
                Actual = Actual!.Value,
            };
    }
}

/// <param name="StockRows">How many rows the range has.</param>
/// <param name="Violations">What is wrong with them.</param>
internal sealed record VerifiedRange(long StockRows, IReadOnlyList<VerifyViolation> Violations);
