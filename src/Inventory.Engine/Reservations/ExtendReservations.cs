using Dapper;
using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>Lets holds lapse later. An absolute time, so asking again changes nothing; never an earlier one.</summary>
public sealed class ExtendReservations : IAsyncDisposable
{
    // The document's lock decides between an extension and an expiry or end that races with it. No stock moves.
    private const string Sql = """
        -- reservations.extend_lock
        SELECT count(*) FROM (
            SELECT FROM reservation WHERE reservation_id = ANY (@Ids) ORDER BY reservation_id FOR NO KEY UPDATE) AS locked;
        -- reservations.extend
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        asked AS MATERIALIZED (
            SELECT q.reservation_id, q.expires_at, q.actor, q.origin, q.trace, q.expires_at > (SELECT now FROM clock) + interval '24 hours' AS too_late
            FROM unnest(@Ids::uuid[], @ExpiresAt::timestamptz[], @Actors::text[], @Origins::int[], @Traces::uuid[])
                AS q (reservation_id, expires_at, actor, origin, trace)),
        document AS MATERIALIZED (
            SELECT r.reservation_id, r.caller, r.request_id, r.order_id, r.state, r.created_at, r.expires_at, r.ended_at, r.version,
                r.stock_ids, r.quantities, r.terms, r.held, r.confirmed, r.returned, r.fulfilled_at, r.tracking, r.fulfillment_note,
                r.state = 2 AND r.expires_at > (SELECT now FROM clock) AS live
            FROM reservation r WHERE r.reservation_id = ANY (@Ids)),
        extended AS (
            UPDATE reservation r SET expires_at = q.expires_at, version = r.version + 1
            FROM asked q
            WHERE r.reservation_id = q.reservation_id AND NOT q.too_late AND q.expires_at > r.expires_at
                AND r.reservation_id = ANY (ARRAY(SELECT reservation_id FROM document WHERE live))
            RETURNING r.reservation_id, r.expires_at, r.version, q.actor, q.origin, q.trace),
        written AS (
            INSERT INTO journal (at, document, kind, actor, origin, trace)
            SELECT (SELECT now FROM clock), e.reservation_id, 60, e.actor, e.origin, e.trace FROM extended e ORDER BY e.reservation_id)
        SELECT d.reservation_id, d.caller, d.request_id, d.order_id, d.state, d.created_at, coalesce(e.expires_at, d.expires_at) AS expires_at,
            d.ended_at, coalesce(e.version, d.version) AS version, d.stock_ids, d.quantities, d.terms, d.held, d.confirmed, d.returned,
            d.fulfilled_at, d.tracking, d.fulfillment_note, d.live, q.too_late, e.reservation_id IS NOT NULL AS extended
        FROM document d JOIN asked q ON q.reservation_id = d.reservation_id
        LEFT JOIN extended e ON e.reservation_id = d.reservation_id
        """;

    private readonly StockDirectory directory;
    private readonly Coalescer<ExtendRequest, Judged> lanes;

    /// <summary>Starts the lanes.</summary>
    public ExtendReservations(Cell cell, StockDirectory directory, CoalescerOptions? options = null)
    {
        this.directory = directory;
        options ??= new CoalescerOptions { Operation = "reservations.extend", Lanes = 1 };
        lanes = new(cell, options, new(ExtendOutcome.Overloaded, null), ExecuteAsync);
    }

    private readonly record struct Judged(ExtendOutcome Outcome, ReservationRow? Row);

    /// <summary>Extends one hold.</summary>
    /// <param name="request">Which, and until when.</param>
    /// <param name="cancellation">
    /// Lets the caller leave; the effect may happen all the same, and asking again finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async ValueTask<ExtendAnswer> ExecuteAsync(ExtendRequest request, CancellationToken cancellation)
    {
        var judged = await lanes.SubmitAsync(request, cancellation);
        if (judged.Row is not { } row)
        {
            return new(judged.Outcome, null);
        }

        var owners = await directory.DescribeAsync(row.StockIds, cancellation);
        return new(judged.Outcome, row.ToReservation(owners));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => lanes.DisposeAsync();

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Pending<ExtendRequest, Judged>> batch
    )
    {
        var asked = batch.DistinctBy(p => p.Request.ReservationId).ToList();
        var parameters = new
        {
            Ids = asked.Select(p => p.Request.ReservationId).ToArray(),
            ExpiresAt = asked.Select(p => p.Request.ExpiresAt).ToArray(),
            Actors = asked.Select(p => p.Request.Actor.Name).ToArray(),
            Origins = asked.Select(p => p.Request.Actor.Origin).ToArray(),
            Traces = asked.Select(p => p.Request.Actor.Trace).ToArray(),
        };
        await using var results = await connection.QueryMultipleAsync(Sql, parameters);
        await results.ReadSingleAsync<long>();
        var rows = (await results.ReadAsync<ExtendRow>()).ToDictionary(r => r.ReservationId);
        foreach (var pending in asked)
        {
            pending.Settle(
                rows.TryGetValue(pending.Request.ReservationId, out var row)
                    ? Judge(row)
                    : new(ExtendOutcome.NotFound, null)
            );
        }
    }

    private static Judged Judge(ExtendRow row)
    {
        if (!row.Live && row.State == (short)ReservationState.Held)
        {
            row.State = (short)ReservationState.Expired;
        }

        var outcome =
            row.Live && row.TooLate ? ExtendOutcome.TooLate
            : row.Extended ? ExtendOutcome.Extended
            : row.Live ? ExtendOutcome.Replayed
            : row.State == (short)ReservationState.Expired ? ExtendOutcome.Expired
            : ExtendOutcome.OtherState;
        return new(outcome, row);
    }

    private sealed class ExtendRow : ReservationRow
    {
        public bool Live { get; init; }

        public bool TooLate { get; init; }

        public bool Extended { get; init; }
    }
}
