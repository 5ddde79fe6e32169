using Dapper;
using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Inventory.Engine.Reservations.Waiting;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Ends holds: confirms them (the stock leaves what is on hand), or cancels or fails them (it goes back to
/// available). Once, whoever asks and however often; asking again for the state that is there is a replay.
/// </summary>
public sealed class EndReservations : IAsyncDisposable
{
    // Locks in the one order of the engine: documents by id, then stock by id. State and time are judged after both,
    // by the clock of that moment: of a confirm and an expiry that race, whoever has the document first wins, and the
    // other sees it.
    //
    // The state is never a condition beside the ids: a plan made while the table is empty would take the due index
    // for it, whole, for ever.
    private const string Sql = """
        -- reservations.end_lock_documents
        SELECT count(*) FROM (
            SELECT FROM reservation WHERE reservation_id = ANY (@Ids) ORDER BY reservation_id FOR NO KEY UPDATE) AS locked;
        -- reservations.end_lock_stock
        SELECT count(*) FROM (
            SELECT FROM stock
            WHERE stock_id = ANY (ARRAY(
                SELECT unnest(CASE WHEN r.state = 2 THEN r.stock_ids END) FROM reservation r WHERE r.reservation_id = ANY (@Ids)))
            ORDER BY stock_id FOR NO KEY UPDATE) AS locked;
        -- reservations.end
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        asked AS MATERIALIZED (
            SELECT q.reservation_id, q.target, q.actor, q.origin, q.trace
            FROM unnest(@Ids::uuid[], @Targets::smallint[], @Actors::text[], @Origins::int[], @Traces::uuid[])
                AS q (reservation_id, target, actor, origin, trace)),
        document AS MATERIALIZED (
            SELECT r.reservation_id, r.caller, r.request_id, r.order_id, r.state, r.created_at, r.expires_at, r.ended_at, r.version,
                r.stock_ids, r.quantities, r.terms, r.held, r.confirmed, r.returned, r.fulfilled_at, r.tracking, r.fulfillment_note,
                r.state = 2 AND r.expires_at > (SELECT now FROM clock) AS live, row_number() OVER () AS place
            FROM reservation r WHERE r.reservation_id = ANY (@Ids)),
        line AS MATERIALIZED (
            SELECT u.reservation_id, u.target, u.actor, u.origin, u.trace, u.stock_id, u.quantity
            FROM (
                SELECT d.reservation_id, q.target, q.actor, q.origin, q.trace, unnest(d.stock_ids) AS stock_id,
                    unnest(coalesce(d.held, d.quantities)) AS quantity
                FROM document d JOIN asked q ON q.reservation_id = d.reservation_id WHERE d.live) u
            WHERE u.quantity > 0),
        moved AS (
            UPDATE stock s
            SET on_hand = s.on_hand - t.taken, reserved = s.reserved - t.quantity, version = s.version + t.changes
            FROM (
                SELECT stock_id, sum(quantity)::bigint AS quantity, coalesce(sum(quantity) FILTER (WHERE target = 3), 0)::bigint AS taken,
                    count(*) AS changes
                FROM line GROUP BY stock_id) t
            WHERE s.stock_id = t.stock_id AND s.stock_id = ANY (ARRAY(SELECT stock_id FROM line))
            RETURNING s.stock_id, s.item_id, s.warehouse_id, s.on_hand, s.reserved, s.available, s.version, t.changes),
        ended AS (
            UPDATE reservation r SET state = q.target, ended_at = (SELECT now FROM clock), version = r.version + 1
            FROM asked q
            WHERE r.reservation_id = q.reservation_id AND r.reservation_id = ANY (ARRAY(SELECT reservation_id FROM document WHERE live))),
        written AS (
            INSERT INTO journal (at, stock_id, version, document, on_hand, reserved, kind, actor, origin, trace)
            SELECT (SELECT now FROM clock), l.stock_id, m.version - m.changes + l.place, l.reservation_id,
                CASE WHEN l.target = 3 THEN -l.quantity END, -l.quantity, l.target - 1, l.actor, l.origin, l.trace
            FROM (
                SELECT reservation_id, target, actor, origin, trace, stock_id, quantity,
                    row_number() OVER (PARTITION BY stock_id ORDER BY reservation_id) AS place
                FROM line) l
            JOIN moved m ON m.stock_id = l.stock_id
            ORDER BY l.stock_id, l.place),
        level AS MATERIALIZED (
            SELECT 1::bigint AS place, array_agg(stock_id) AS stock_ids, array_agg(item_id) AS item_ids,
                array_agg(warehouse_id) AS warehouse_ids, array_agg(on_hand) AS on_hand, array_agg(reserved) AS reserved,
                array_agg(available) AS available, array_agg(version) AS versions
            FROM moved)
        SELECT d.reservation_id, d.caller, d.request_id, d.order_id, d.state, d.created_at, d.expires_at, d.ended_at, d.version,
            d.stock_ids, d.quantities, d.terms, d.held, d.confirmed, d.returned, d.fulfilled_at, d.tracking, d.fulfillment_note, d.live, (SELECT now FROM clock) AS now,
            v.stock_ids AS level_stock_ids, v.item_ids AS level_item_ids, v.warehouse_ids AS level_warehouse_ids, v.on_hand AS level_on_hand,
            v.reserved AS level_reserved, v.available AS level_available, v.versions AS level_versions
        FROM document d LEFT JOIN level v ON v.place = d.place
        """;

    private readonly StockDirectory directory;
    private readonly CommittedLevels committed;
    private readonly Coalescer<EndRequest, Judged> lanes;
    private readonly EndWaiting waiting;

    /// <summary>Starts the lanes.</summary>
    public EndReservations(
        Cell cell,
        StockDirectory directory,
        CommittedLevels committed,
        CoalescerOptions? options = null
    )
    {
        this.directory = directory;
        this.committed = committed;
        waiting = new(cell, committed);
        lanes = new(
            cell,
            options ?? new CoalescerOptions { Operation = "reservations.end" },
            new(EndOutcome.Overloaded, null),
            ExecuteAsync
        );
    }

    /// <summary>What the statement found, before codes are looked up.</summary>
    private readonly record struct Judged(EndOutcome Outcome, ReservationRow? Row);

    /// <summary>Ends one hold.</summary>
    /// <param name="request">Which, and how.</param>
    /// <param name="cancellation">
    /// Lets the caller leave; the effect may happen all the same, and asking again finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async ValueTask<EndAnswer> ExecuteAsync(EndRequest request, CancellationToken cancellation)
    {
        var judged = await lanes.SubmitAsync(request, cancellation);
        if (
            judged.Row is { State: (short)ReservationState.Pending }
            && request.Target is ReservationState.Cancelled or ReservationState.Failed
        )
        {
            var waited = await waiting.ExecuteAsync(request, cancellation);
            judged = await lanes.SubmitAsync(request, cancellation);
            if (waited && judged.Outcome == EndOutcome.Replayed)
            {
                judged = judged with { Outcome = EndOutcome.Ended };
            }
        }

        if (judged.Row is not { } row)
        {
            return new(judged.Outcome, null);
        }

        var owners = await directory.DescribeAsync(row.StockIds, cancellation);
        return new(judged.Outcome, row.ToReservation(owners));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => lanes.DisposeAsync();

    private async Task ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<Pending<EndRequest, Judged>> batch)
    {
        // Once an id: who asks for one that is in the batch already is judged in the next.
        var asked = batch.DistinctBy(p => p.Request.ReservationId).ToList();
        var parameters = new
        {
            Ids = asked.Select(p => p.Request.ReservationId).ToArray(),
            Targets = asked.Select(p => (short)p.Request.Target).ToArray(),
            Actors = asked.Select(p => p.Request.Actor.Name).ToArray(),
            Origins = asked.Select(p => p.Request.Actor.Origin).ToArray(),
            Traces = asked.Select(p => p.Request.Actor.Trace).ToArray(),
        };
        await using var results = await connection.QueryMultipleAsync(Sql, parameters);
        await results.ReadSingleAsync<long>();
        await results.ReadSingleAsync<long>();
        var rows = (await results.ReadAsync<EndRow>()).ToDictionary(r => r.ReservationId);
        foreach (var row in rows.Values)
        {
            committed.Publish(row.Levels());
        }

        foreach (var pending in asked)
        {
            pending.Settle(
                rows.TryGetValue(pending.Request.ReservationId, out var row)
                    ? Judge(pending.Request.Target, row)
                    : new(EndOutcome.NotFound, null)
            );
        }
    }

    private static Judged Judge(ReservationState target, EndRow row)
    {
        if (row.Live)
        {
            row.State = (short)target;
            row.EndedAt = row.Now;
            row.Version++;
            return new(EndOutcome.Ended, row);
        }

        if (row.State == (short)ReservationState.Held)
        {
            row.State = (short)ReservationState.Expired;
        }

        return new(
            row.State == (short)target ? EndOutcome.Replayed
                : row.State == (short)ReservationState.Expired ? EndOutcome.Expired
                : EndOutcome.OtherState,
            row
        );
    }

    private sealed class EndRow : ReservationRow
    {
        public bool Live { get; init; }

        public DateTime Now { get; init; }

        public long[]? LevelStockIds { get; init; }

        public long[]? LevelItemIds { get; init; }

        public int[]? LevelWarehouseIds { get; init; }

        public long[]? LevelOnHand { get; init; }

        public long[]? LevelReserved { get; init; }

        public long[]? LevelAvailable { get; init; }

        public long[]? LevelVersions { get; init; }

        /// <summary>All rows that the batch changed; they come with its first document.</summary>
        internal IReadOnlyList<StockLevel> Levels() =>
            LevelStockIds is null
                ? []
                :
                [
                    .. LevelStockIds.Select(
                        (id, i) =>
                            new StockLevel(
                                id,
                                LevelItemIds![i],
                                LevelWarehouseIds![i],
                                LevelOnHand![i],
                                LevelReserved![i],
                                LevelAvailable![i],
                                LevelVersions![i]
                            )
                    ),
                ];
    }
}
