using Dapper;
using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// What one snapshot says of requests that are about to be refused: which of their ids are there after all, and what
/// their items have, due holds counted as available. It takes no lock and writes nothing, so a storm on a sold-out
/// row costs reads only.
/// </summary>
internal sealed class RefusalProof : IShelf
{
    // Rows are found by item, not by the keys that the directory knows: a row that was added since must not be
    // missed. The next lapse is exact when it is among the first that are to come, and unknown otherwise.
    private const string Sql = """
        -- reservations.prove_refusal
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        shelf AS MATERIALIZED (
            SELECT s.stock_id, s.item_id, s.warehouse_id, s.available, s.waiting, s.discontinued FROM stock s WHERE s.item_id = ANY (@ItemIds)),
        shut AS MATERIALIZED (
            SELECT w.warehouse_id FROM warehouse w
            WHERE w.warehouse_id = ANY (ARRAY(SELECT DISTINCT warehouse_id FROM shelf)) AND NOT w.active),
        due AS MATERIALIZED (
            SELECT unnest(r.stock_ids) AS stock_id, unnest(coalesce(r.held, r.quantities)) AS quantity
            FROM reservation r
            WHERE r.state = 2 AND r.expires_at <= (SELECT now FROM clock)
                AND r.stock_ids && ARRAY(SELECT stock_id FROM shelf)),
        owed AS MATERIALIZED (
            SELECT stock_id, sum(quantity)::bigint AS quantity FROM due GROUP BY stock_id),
        next AS MATERIALIZED (
            SELECT unnest(r.stock_ids) AS stock_id, r.expires_at
            FROM (
                SELECT stock_ids, expires_at FROM reservation
                WHERE state = 2 AND expires_at > (SELECT now FROM clock) ORDER BY expires_at LIMIT 200) r
            WHERE r.stock_ids && ARRAY(SELECT stock_id FROM shelf)),
        lapse AS MATERIALIZED (
            SELECT stock_id, min(expires_at) AS expires_at FROM next GROUP BY stock_id),
        known AS MATERIALIZED (
            SELECT k.stock_id, k.item_id, k.warehouse_id, k.available, coalesce(o.quantity, 0) AS due, l.expires_at AS lapses_at,
                CASE WHEN k.discontinued THEN 1 WHEN k.warehouse_id IN (SELECT warehouse_id FROM shut) THEN 2 ELSE 0 END AS closed,
                k.waiting > 0 AND least(k.waiting, k.available + k.waiting)
                    > (SELECT coalesce(sum(c.assigned), 0) FROM waiting_claim c WHERE c.stock_id = k.stock_id) AS unsettled
            FROM shelf k LEFT JOIN owed o ON o.stock_id = k.stock_id LEFT JOIN lapse l ON l.stock_id = k.stock_id),
        seen AS MATERIALIZED (
            SELECT r.reservation_id, r.fingerprint FROM reservation r WHERE r.reservation_id = ANY (@Ids)
            UNION ALL
            SELECT r.reservation_id, r.fingerprint FROM reservation_archive r WHERE r.reservation_id = ANY (@Ids))
        SELECT (SELECT array_agg(reservation_id) FROM seen) AS seen_ids, (SELECT array_agg(fingerprint) FROM seen) AS seen_fingerprints,
            k.stock_ids, k.item_ids, k.warehouse_ids, k.available, k.due, k.lapses_at, k.closed, k.unsettled
        FROM (
            SELECT array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids, array_agg(warehouse_id) AS warehouse_ids,
                array_agg(available) AS available, array_agg(due) AS due, array_agg(coalesce(lapses_at, 'infinity')) AS lapses_at, array_agg(closed) AS closed,
                array_agg(unsettled) AS unsettled
            FROM known) AS k
        """;

    private readonly Dictionary<Guid, long> seen = [];
    private readonly Dictionary<long, ProvenRow> rows = [];

    private RefusalProof(Row answer)
    {
        for (var i = 0; i < (answer.SeenIds?.Length ?? 0); i++)
        {
            seen.Add(answer.SeenIds![i], answer.SeenFingerprints![i]);
        }

        for (var i = 0; i < (answer.StockIds?.Length ?? 0); i++)
        {
            rows.Add(
                answer.StockIds![i],
                new(
                    new(answer.StockIds[i], answer.WarehouseIds![i]),
                    answer.ItemIds![i],
                    answer.Available![i],
                    answer.Due![i],
                    answer.LapsesAt![i] is var at && at == DateTime.MaxValue ? null : at,
                    (RowClosed)answer.Closed![i],
                    answer.Unsettled![i]
                )
            );
        }
    }

    private RefusalProof(IEnumerable<ProvenRow> known) => rows = known.ToDictionary(r => r.Keys.StockId);

    private RefusalProof() { }

    /// <summary>No proof was made: too many wait for one.</summary>
    internal static RefusalProof Shed { get; } = new();

    /// <summary>The rows of all items that were asked for.</summary>
    internal IReadOnlyDictionary<long, ProvenRow> Rows => rows;

    /// <summary>Due holds are not counted.</summary>
    internal IShelf WithoutDue => new Undue(rows);

    public long Available(long stockId) =>
        rows.TryGetValue(stockId, out var row) && row.Closed == RowClosed.No ? row.Available + row.Due : 0;

    /// <summary>The same from what was read to be explained.</summary>
    internal static RefusalProof Of(IEnumerable<ExplainedStock> stock) =>
        new(
            stock.Select(s => new ProvenRow(
                new(s.StockId, s.WarehouseId),
                s.ItemId,
                s.Available,
                s.Due,
                s.NextLapseAt,
                s.Discontinued ? RowClosed.Discontinued
                    : s.Active ? RowClosed.No
                    : RowClosed.WarehouseInactive
            ))
        );

    /// <summary>The fingerprint under which the attempt's id was granted, if it was.</summary>
    internal bool TryGetSeen(ReserveAttempt attempt, out long fingerprint) =>
        seen.TryGetValue(attempt.Id, out fingerprint);

    /// <summary>Proves a batch: every attempt gets the same proof.</summary>
    internal static async Task ExecuteAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Pending<ReserveAttempt, RefusalProof>> batch
    )
    {
        var items = batch.SelectMany(p => p.Request.Demands).Select(d => d.Item?.ItemId ?? 0).Where(id => id != 0);
        var parameters = new
        {
            Ids = batch.Select(p => p.Request.Id).Distinct().ToArray(),
            ItemIds = items.Distinct().ToArray(),
        };
        var proof = new RefusalProof(await connection.QuerySingleAsync<Row>(Sql, parameters));
        foreach (var pending in batch)
        {
            pending.Settle(proof);
        }
    }

    private sealed class Undue(Dictionary<long, ProvenRow> rows) : IShelf
    {
        public long Available(long stockId) =>
            rows.TryGetValue(stockId, out var row) && row.Closed == RowClosed.No ? row.Available : 0;
    }

    private sealed class Row
    {
        public Guid[]? SeenIds { get; init; }

        public long[]? SeenFingerprints { get; init; }

        public long[]? StockIds { get; init; }

        public long[]? ItemIds { get; init; }

        public int[]? WarehouseIds { get; init; }

        public long[]? Available { get; init; }

        public long[]? Due { get; init; }

        /// <summary>
        /// Infinity, which reads as the greatest time, where it is not known: an array of times has no place for
        /// none.
        /// </summary>
        public DateTime[]? LapsesAt { get; init; }

        public int[]? Closed { get; init; }

        public bool[]? Unsettled { get; init; }
    }
}

/// <summary>Why a row serves no new holds.</summary>
internal enum RowClosed
{
    No = 0,
    Discontinued = 1,
    WarehouseInactive = 2,
}

/// <param name="Keys">The row.</param>
/// <param name="ItemId">Its item.</param>
/// <param name="Available">Without due holds.</param>
/// <param name="Due">What due holds that no sweep has met yet give back.</param>
/// <param name="LapsesAt">When the next hold lapses, if known.</param>
/// <param name="Closed">Whether it serves new holds.</param>
/// <param name="Unsettled">
/// Goods are there that somebody who waits may get, or not: he may be served from another row.
/// </param>
internal sealed record ProvenRow(
    StockRow Keys,
    long ItemId,
    long Available,
    long Due,
    DateTime? LapsesAt,
    RowClosed Closed,
    bool Unsettled = false
);
