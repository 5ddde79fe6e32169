using Dapper;
using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Reads reservations as they are now. Reads that arrive together are one statement, so a storm of replays is a few
/// reads.
/// </summary>
public sealed class GetReservations : IAsyncDisposable
{
    private const string Sql = """
        -- reservations.get
        SELECT r.reservation_id, r.caller, r.request_id, r.order_id,
            CASE WHEN r.state <= 2 AND r.expires_at <= clock_timestamp() THEN 7::smallint ELSE r.state END AS state,
            r.created_at, r.expires_at, r.ended_at, r.version, r.stock_ids, r.quantities, r.terms, r.held, r.confirmed, r.returned,
            r.fulfilled_at, r.tracking, r.fulfillment_note
        FROM reservation r WHERE r.reservation_id = ANY (@Ids)
        UNION ALL
        SELECT r.reservation_id, r.caller, r.request_id, r.order_id, r.state, r.created_at, r.expires_at, r.ended_at, r.version, r.stock_ids,
            r.quantities, r.terms, r.held, r.confirmed, r.returned, r.fulfilled_at, r.tracking, r.fulfillment_note
        FROM reservation_archive r WHERE r.reservation_id = ANY (@Ids)
        """;

    private readonly StockDirectory directory;
    private readonly Coalescer<Guid, Read> lanes;

    /// <summary>Starts the lanes.</summary>
    public GetReservations(Cell cell, StockDirectory directory, CoalescerOptions? options = null)
    {
        this.directory = directory;
        options ??= new CoalescerOptions { Operation = "reservations.get" };
        lanes = new(cell, options, new(GetOutcome.Overloaded, null), ExecuteAsync);
    }

    private readonly record struct Read(GetOutcome Outcome, ReservationRow? Row);

    /// <summary>Reads one.</summary>
    /// <param name="reservationId">Which.</param>
    /// <param name="cancellation">Lets the caller leave.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async ValueTask<GetAnswer> ExecuteAsync(Guid reservationId, CancellationToken cancellation)
    {
        var read = await lanes.SubmitAsync(reservationId, cancellation);
        if (read.Row is not { } row)
        {
            return new(read.Outcome, null);
        }

        var owners = await directory.DescribeAsync(row.StockIds, cancellation);
        return new(read.Outcome, row.ToReservation(owners));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => lanes.DisposeAsync();

    private static async Task ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<Pending<Guid, Read>> batch)
    {
        var ids = batch.Select(p => p.Request).Distinct().ToArray();
        var rows = (await connection.QueryAsync<ReservationRow>(Sql, new { Ids = ids })).ToDictionary(r =>
            r.ReservationId
        );
        foreach (var pending in batch)
        {
            pending.Settle(
                rows.TryGetValue(pending.Request, out var row)
                    ? new(GetOutcome.Found, row)
                    : new(GetOutcome.NotFound, null)
            );
        }
    }
}

/// <summary>What became of a read. Append only; a number is never used again.</summary>
public enum GetOutcome
{
    /// <summary>It is there.</summary>
    Found = 1,

    /// <summary>There is no such reservation.</summary>
    NotFound = 2,

    /// <summary>Too many requests wait; nothing was read.</summary>
    Overloaded = 3,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reservation">As it is now, if it was found.</param>
public sealed record GetAnswer(GetOutcome Outcome, Reservation? Reservation);
