using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations.Archive;

/// <summary>
/// Brings a reservation back from the archive, for whoever is to change one that was not found: a late delivery, a
/// return, or a call that comes again.
/// </summary>
public sealed class RecallReservation(Cell cell)
{
    private const string Sql = """
        -- reservations.recall
        WITH back AS (
            DELETE FROM reservation_archive r WHERE r.reservation_id = ANY (@Ids)
            RETURNING r.reservation_id, r.fingerprint, r.created_at, r.expires_at, r.ended_at, r.version, r.state, r.caller, r.request_id,
                r.order_id, r.stock_ids, r.quantities, r.terms, r.held, r.confirmed, r.returned, r.fulfilled_at, r.tracking,
                r.fulfillment_note),
        kept AS (
            INSERT INTO reservation (reservation_id, fingerprint, created_at, expires_at, ended_at, version, state, caller, request_id,
                order_id, stock_ids, quantities, terms, held, confirmed, returned, fulfilled_at, tracking, fulfillment_note)
            SELECT b.reservation_id, b.fingerprint, b.created_at, b.expires_at, b.ended_at, b.version, b.state, b.caller, b.request_id,
                b.order_id, b.stock_ids, b.quantities, b.terms, b.held, b.confirmed, b.returned, b.fulfilled_at, b.tracking,
                b.fulfillment_note
            FROM back b
            RETURNING 1)
        SELECT count(*)::int FROM kept
        """;

    /// <summary>Brings one back, if it is there.</summary>
    /// <returns>
    /// Whether it is worth to ask again. Of two who bring one back at once, one is told no: its caller asks once more
    /// by itself, or learns that there is none, which it can ask again.
    /// </returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<bool> ExecuteAsync(Guid reservationId, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<int>(
                new CommandDefinition(Sql, new { Ids = new[] { reservationId } }, cancellationToken: cancellation)
            ) > 0;
    }
}
