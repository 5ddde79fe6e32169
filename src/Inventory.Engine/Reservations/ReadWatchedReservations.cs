using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>The statements of <see cref="WatchReservations"/>.</summary>
internal static class ReadWatchedReservations
{
    // The snapshot is the statement's own: what it shows of the journal is in the rows.
    private const string Sql = """
        -- reservations.watch
        WITH found AS MATERIALIZED (
            SELECT r.reservation_id FROM reservation r WHERE r.reservation_id = ANY (@Ids)
            UNION
            SELECT r.reservation_id FROM reservation r WHERE r.order_id = ANY (@OrderIds) AND r.order_id IS NOT NULL)
        SELECT r.reservation_id, r.caller, r.request_id, r.order_id,
            CASE WHEN r.state <= 2 AND r.expires_at <= (SELECT clock_timestamp()) THEN 7::smallint ELSE r.state END AS state,
            r.created_at, r.expires_at, r.ended_at, r.version, r.stock_ids, r.quantities, r.terms, r.held,
            r.confirmed, r.returned, r.fulfilled_at, r.tracking, r.fulfillment_note, pg_current_snapshot()::text AS snapshot
        FROM reservation r WHERE r.reservation_id = ANY (ARRAY(SELECT reservation_id FROM found))
        ORDER BY r.created_at, r.reservation_id
        """;

    private const string OrdersSql = """
        -- reservations.watch_orders
        SELECT r.reservation_id, r.order_id FROM reservation r WHERE r.reservation_id = ANY (@Ids)
        """;

    /// <summary>Reservations by id and by order, as they are now, the oldest first.</summary>
    /// <returns>Them, and the snapshot that they are from; none if there are none.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal static async Task<(List<Reservation> Found, string? Snapshot)> ExecuteAsync(
        Cell cell,
        StockDirectory directory,
        Guid[] ids,
        string[] orderIds,
        CancellationToken cancellation
    )
    {
        List<WatchedRow> rows;
        await using (var connection = await cell.Following.OpenConnectionAsync(cancellation))
        {
            var parameters = new { Ids = ids, OrderIds = orderIds };
            rows = (
                await connection.QueryAsync<WatchedRow>(
                    new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
                )
            ).AsList();
        }

        var owners = await directory.DescribeAsync([.. rows.SelectMany(r => r.StockIds).Distinct()], cancellation);
        return ([.. rows.Select(r => r.ToReservation(owners))], rows.Count == 0 ? null : rows[0].Snapshot);
    }

    /// <summary>The orders of reservations that have one.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal static async Task<List<(Guid ReservationId, string OrderId)>> OrdersAsync(
        Cell cell,
        Guid[] ids,
        CancellationToken cancellation
    )
    {
        await using var connection = await cell.Following.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<(Guid ReservationId, string? OrderId)>(
            new CommandDefinition(OrdersSql, new { Ids = ids }, cancellationToken: cancellation)
        );
        return [.. rows.Where(r => r.OrderId is not null).Select(r => (r.ReservationId, r.OrderId!))];
    }

    private sealed class WatchedRow : ReservationRow
    {
        public required string Snapshot { get; init; }
    }
}
