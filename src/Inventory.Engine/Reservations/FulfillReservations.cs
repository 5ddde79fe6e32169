using Dapper;
using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Inventory.Engine.Expiry;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Marks what was sold as delivered. No stock moves: it left with the confirmation. Once; asking again is a replay.
/// </summary>
public sealed class FulfillReservations : IAsyncDisposable
{
    // What was confirmed in part is sold, however the rest ended: then too there is something to deliver, and the state
    // says from now on that it was. What was still held at the end has gone back, so it is no longer told by held.
    private const string Sql = """
        -- reservations.fulfill_lock
        SELECT count(*) FROM (
            SELECT FROM reservation WHERE reservation_id = ANY (@Ids) ORDER BY reservation_id FOR NO KEY UPDATE) AS locked;
        -- reservations.fulfill
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        asked AS MATERIALIZED (
            SELECT q.reservation_id, q.tracking, q.note, q.actor, q.origin, q.trace
            FROM unnest(@Ids::uuid[], @Tracking::text[], @Notes::text[], @Actors::text[], @Origins::int[], @Traces::uuid[])
                AS q (reservation_id, tracking, note, actor, origin, trace)),
        document AS MATERIALIZED (
            SELECT r.reservation_id, r.caller, r.request_id, r.order_id, r.state, r.created_at, r.expires_at, r.ended_at, r.version,
                r.stock_ids, r.quantities, r.terms, r.held, r.confirmed, r.returned, r.fulfilled_at, r.tracking, r.fulfillment_note,
                r.state = 2 AND r.expires_at > (SELECT now FROM clock) AS live,
                r.state = 3 OR (r.state IN (5, 6, 7) AND 0 < ANY (r.confirmed)) AS ready
            FROM reservation r WHERE r.reservation_id = ANY (@Ids)),
        fulfilled AS (
            UPDATE reservation r
            SET state = 4, fulfilled_at = (SELECT now FROM clock), tracking = q.tracking, fulfillment_note = q.note, version = r.version + 1,
                held = CASE WHEN r.state = 3 THEN r.held ELSE array_fill(0::bigint, ARRAY[cardinality(r.held)]) END
            FROM asked q
            WHERE r.reservation_id = q.reservation_id
                AND r.reservation_id = ANY (ARRAY(SELECT reservation_id FROM document WHERE ready))
            RETURNING r.reservation_id, r.state, r.version, r.held, r.fulfilled_at, r.tracking, r.fulfillment_note, q.actor, q.origin, q.trace),
        written AS (
            INSERT INTO journal (at, document, kind, actor, origin, trace)
            SELECT (SELECT now FROM clock), f.reservation_id, 61, f.actor, f.origin, f.trace FROM fulfilled f ORDER BY f.reservation_id)
        SELECT d.reservation_id, d.caller, d.request_id, d.order_id, coalesce(f.state, d.state) AS state, d.created_at, d.expires_at, d.ended_at,
            coalesce(f.version, d.version) AS version, d.stock_ids, d.quantities, d.terms, coalesce(f.held, d.held) AS held, d.confirmed, d.returned,
            coalesce(f.fulfilled_at, d.fulfilled_at) AS fulfilled_at, coalesce(f.tracking, d.tracking) AS tracking,
            coalesce(f.fulfillment_note, d.fulfillment_note) AS fulfillment_note, d.live, coalesce(d.ready, false) AS ready
        FROM document d LEFT JOIN fulfilled f ON f.reservation_id = d.reservation_id
        """;

    private readonly StockDirectory directory;
    private readonly ExpireHolds expiry;
    private readonly Coalescer<FulfillRequest, Judged> lanes;

    /// <summary>Starts the lanes.</summary>
    public FulfillReservations(Cell cell, StockDirectory directory, ExpireHolds expiry)
    {
        this.directory = directory;
        this.expiry = expiry;
        var options = new CoalescerOptions { Operation = "reservations.fulfill", Lanes = 1 };
        lanes = new(cell, options, new(FulfillOutcome.Overloaded, null), ExecuteAsync);
    }

    private readonly record struct Judged(FulfillOutcome Outcome, FulfillRow? Row);

    /// <summary>Fulfills one reservation.</summary>
    /// <param name="request">Which, and how it was sent.</param>
    /// <param name="cancellation">
    /// Lets the caller leave; the effect may happen all the same, and asking again finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async ValueTask<FulfillAnswer> ExecuteAsync(FulfillRequest request, CancellationToken cancellation)
    {
        while (true)
        {
            var judged = await lanes.SubmitAsync(request, cancellation);
            if (judged.Row is not { } row)
            {
                return new(judged.Outcome, null);
            }

            if (row.IsDue && Array.Exists(row.Confirmed ?? [], q => q > 0))
            {
                // A part was sold and the rest has lapsed, but no sweep has met it: no answer depends on sweeps.
                await expiry.EndDueAsync(row.StockIds, cancellation);
                continue;
            }

            row.State = row.IsDue ? (short)ReservationState.Expired : row.State;
            var owners = await directory.DescribeAsync(row.StockIds, cancellation);
            return new(judged.Outcome, row.ToReservation(owners));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => lanes.DisposeAsync();

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Pending<FulfillRequest, Judged>> batch
    )
    {
        // Once an id: who asks for one that is in the batch already is judged in the next.
        var asked = batch.DistinctBy(p => p.Request.ReservationId).ToList();
        var parameters = new
        {
            Ids = asked.Select(p => p.Request.ReservationId).ToArray(),
            Tracking = asked.Select(p => p.Request.Tracking).ToArray(),
            Notes = asked.Select(p => p.Request.Note).ToArray(),
            Actors = asked.Select(p => p.Request.Actor.Name).ToArray(),
            Origins = asked.Select(p => p.Request.Actor.Origin).ToArray(),
            Traces = asked.Select(p => p.Request.Actor.Trace).ToArray(),
        };
        await using var results = await connection.QueryMultipleAsync(Sql, parameters);
        await results.ReadSingleAsync<long>();
        var rows = (await results.ReadAsync<FulfillRow>()).ToDictionary(r => r.ReservationId);
        foreach (var pending in asked)
        {
            pending.Settle(
                rows.TryGetValue(pending.Request.ReservationId, out var row)
                    ? new(Judge(row), row)
                    : new(FulfillOutcome.NotFound, null)
            );
        }
    }

    private static FulfillOutcome Judge(FulfillRow row) =>
        row.Ready ? FulfillOutcome.Fulfilled
        : (ReservationState)row.State == ReservationState.Fulfilled ? FulfillOutcome.Replayed
        : row.IsDue || (ReservationState)row.State == ReservationState.Expired ? FulfillOutcome.Expired
        : FulfillOutcome.OtherState;

    private sealed class FulfillRow : ReservationRow
    {
        public bool Live { get; init; }

        /// <summary>It could be fulfilled, and is.</summary>
        public bool Ready { get; init; }

        internal bool IsDue => (ReservationState)State == ReservationState.Held && !Live;
    }
}

/// <summary>Asks to mark a reservation as delivered.</summary>
/// <param name="ReservationId">Which.</param>
/// <param name="Tracking">The shipment's tracking number, or none.</param>
/// <param name="Note">Words for people, or none.</param>
/// <param name="Actor">Who asks; goes into the journal.</param>
public sealed record FulfillRequest(Guid ReservationId, string? Tracking, string? Note, Actor Actor);

/// <summary>What became of it. Append only; a number is never used again.</summary>
public enum FulfillOutcome
{
    /// <summary>It is fulfilled now.</summary>
    Fulfilled = 1,

    /// <summary>It was fulfilled before; it stays as it was said then.</summary>
    Replayed = 2,

    /// <summary>There is no such reservation.</summary>
    NotFound = 3,

    /// <summary>Its hold has lapsed, and nothing of it was confirmed.</summary>
    Expired = 4,

    /// <summary>It is in another state than CONFIRMED, and nothing that was sold of it waits to be delivered.</summary>
    OtherState = 5,

    /// <summary>Too many requests wait; nothing was tried.</summary>
    Overloaded = 6,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reservation">As it is now; none if it was not found or nothing was tried.</param>
public sealed record FulfillAnswer(FulfillOutcome Outcome, Reservation? Reservation);
