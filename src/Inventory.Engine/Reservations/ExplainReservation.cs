using System.Data;
using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Says what would become of a request now, or how a reservation stands, and why: which warehouses are drawn on and
/// passed over, and what each of them has. In one snapshot; it changes nothing.
/// </summary>
public sealed class ExplainReservation(Cell cell, StockDirectory directory)
{
    private const string Sql = """
        -- reservations.explain
        SELECT r.reservation_id, r.fingerprint, r.caller, r.request_id, r.order_id,
            CASE WHEN r.state <= 2 AND r.expires_at <= clock_timestamp() THEN 7::smallint ELSE r.state END AS state,
            r.created_at, r.expires_at, r.ended_at, r.version, r.stock_ids, r.quantities, r.terms, r.held, r.confirmed,
            r.returned, r.fulfilled_at, r.tracking, r.fulfillment_note, clock_timestamp() AS as_of
        FROM reservation r WHERE r.reservation_id = ANY (@Ids)
        UNION ALL
        SELECT r.reservation_id, r.fingerprint, r.caller, r.request_id, r.order_id, r.state, r.created_at, r.expires_at, r.ended_at,
            r.version, r.stock_ids, r.quantities, r.terms, r.held, r.confirmed, r.returned, r.fulfilled_at, r.tracking,
            r.fulfillment_note, clock_timestamp()
        FROM reservation_archive r WHERE r.reservation_id = ANY (@Ids)
        """;

    private const string ClockSql = """
        -- reservations.explain_clock
        SELECT clock_timestamp()
        """;

    // The directory lags behind rows that others begin and take away; that it does so thrice in turn is not to be met.
    private const int AttemptsMax = 3;

    private readonly ResolveDemands resolve = new(directory);

    /// <summary>Explains how a reservation stands; what the warehouses have is as it is now.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    /// <exception cref="TimeoutException">Too many look-ups wait.</exception>
    public async Task<Explanation> ExecuteAsync(Guid reservationId, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        if (await FindAsync(connection, reservationId, cancellation) is not { } row)
        {
            return new(ExplainOutcome.NotFound, null, null, [], default);
        }

        var owners = await directory.DescribeAsync(row.StockIds, cancellation);
        var reservation = row.ToReservation(owners);
        // What has no stock any more is not found, and is explained by what is left.
        var skus = reservation.Allocations.Select(a => a.Sku).Concat(reservation.Lines?.Select(l => l.Sku) ?? []);
        var items = await directory.FindAsync([.. skus.Distinct()], cancellation);
        var itemIds = items.Values.Select(i => i.ItemId).Distinct().ToArray();
        var stock = await ExplainedStock.ReadAsync(connection, itemIds, cancellation);
        return new(ExplainOutcome.Stands, null, reservation, ExplainLines.Of(reservation, stock), row.AsOf);
    }

    /// <summary>Explains what would become of a request now.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    /// <exception cref="TimeoutException">Too many look-ups wait.</exception>
    public async Task<Explanation> ExecuteAsync(ReserveRequest request, CancellationToken cancellation)
    {
        await directory.RefreshWarehousesAsync(cancellation);
        for (var tries = 1; ; tries++)
        {
            await directory.ReadAsync([.. request.Lines.Select(l => l.Sku)], cancellation);
            var attempt = await resolve.ResolveAsync(request, cancellation);
            if (await ExplainAsync(attempt, isLast: tries == AttemptsMax, cancellation) is { } explained)
            {
                return explained;
            }
        }
    }

    /// <returns>None if the attempt lacks rows that are there.</returns>
    private async Task<Explanation?> ExplainAsync(ReserveAttempt attempt, bool isLast, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var row = await FindAsync(connection, attempt.Id, cancellation);
        var itemIds = attempt.Demands.Select(d => d.Item?.ItemId ?? 0).Where(id => id != 0).Distinct().ToArray();
        var stock = await ExplainedStock.ReadAsync(connection, itemIds, cancellation);
        if (row is not null)
        {
            var verdict =
                row.Fingerprint == attempt.Fingerprint ? ReserveOutcome.Replayed : ReserveOutcome.RequestIdReused;
            var owners = await directory.DescribeAsync(row.StockIds, cancellation);
            // Of a request that means something else only the verdict is told.
            var reservation = verdict == ReserveOutcome.Replayed ? row.ToReservation(owners) : null;
            return new(
                ExplainOutcome.Judged,
                verdict,
                reservation,
                reservation is null ? [] : ExplainLines.Of(reservation, stock),
                row.AsOf
            );
        }

        var proof = RefusalProof.Of(stock);
        if (Refusal.MissesRows(attempt, proof) && !isLast)
        {
            return null;
        }

        var clock = new CommandDefinition(ClockSql, cancellationToken: cancellation);
        var asOf = await connection.QuerySingleAsync<DateTime>(clock);
        if (attempt.HasUnknown || !attempt.Aim(proof))
        {
            var refused = Refusal.Of(attempt, proof);
            return new(ExplainOutcome.Judged, refused.Outcome, null, ExplainLines.Of(attempt, refused, stock), asOf);
        }

        attempt.Propose(proof.WithoutDue);
        return new(ExplainOutcome.Judged, ReserveOutcome.WouldHold, null, ExplainLines.Of(attempt, null, stock), asOf);
    }

    private static Task<Row?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation) =>
        connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(Sql, new { Ids = new[] { id } }, cancellationToken: cancellation)
        );

    private sealed class Row : ReservationRow
    {
        public long Fingerprint { get; init; }

        public DateTime AsOf { get; init; }
    }
}
