using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>Reads reservations as they are now.</summary>
public sealed class GetReservations(Cell cell, StockDirectory directory)
{
    private const string Sql = """
        -- reservations.get
        SELECT r.reservation_id, r.caller, r.request_id, r.order_id,
            CASE WHEN r.state = 2 AND r.expires_at <= clock_timestamp() THEN 7::smallint ELSE r.state END AS state,
            r.created_at, r.expires_at, r.ended_at, r.version, r.stock_ids, r.quantities
        FROM reservation r WHERE r.reservation_id = ANY (@Ids)
        """;

    /// <summary>Reads by id.</summary>
    /// <param name="ids">Any number; unknown ones are left out of the answer.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyDictionary<Guid, Reservation>> ExecuteAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellation
    )
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(Sql, new { Ids = ids.ToArray() }, cancellationToken: cancellation);
        var rows = (await connection.QueryAsync<ReservationRow>(command)).AsList();
        var owners = await directory.DescribeAsync([.. rows.SelectMany(r => r.StockIds).Distinct()], cancellation);
        return rows.ToDictionary(r => r.ReservationId, r => r.ToReservation(owners));
    }
}
