using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Events;

/// <summary>
/// Makes the deliveries of a page of the journal and moves the subscription's cursor behind it, both or neither: an
/// event is in one delivery, and in none twice.
/// </summary>
public sealed class QueueDeliveries(Cell cell)
{
    private const string Sql = """
        -- events.queue_deliveries
        WITH moved AS (
            UPDATE event_subscription s SET cursor = @Next
            WHERE s.subscription_id = @SubscriptionId AND s.leased_by = @Node AND s.cursor = @From AND s.deleted_at IS NULL
            RETURNING s.subscription_id),
        queued AS (
            INSERT INTO event_delivery (subscription_id, era, positions, state, created_at, due_at)
            SELECT m.subscription_id, @Era::bigint, b.positions, 1, clock_timestamp(), clock_timestamp()
            FROM moved m, (
                SELECT (p.ordinal - 1) / @EventsMax::int AS batch, array_agg(p.position ORDER BY p.ordinal) AS positions
                FROM unnest(@Positions::bigint[]) WITH ORDINALITY AS p (position, ordinal)
                GROUP BY (p.ordinal - 1) / @EventsMax::int) b
            ORDER BY b.batch)
        SELECT count(*) FROM moved
        """;

    /// <param name="node">The sender.</param>
    /// <param name="subscriptionId">Whose.</param>
    /// <param name="from">The cursor as it is stored.</param>
    /// <param name="next">The cursor behind the page.</param>
    /// <param name="era">Of the positions.</param>
    /// <param name="positions">What of the page is sent, in its order; may be none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False: another node sends it now, or it was deleted; nothing was changed.</returns>
    /// <exception cref="NpgsqlException">The database is away; whether it was done is unknown.</exception>
    public async Task<bool> ExecuteAsync(
        Guid node,
        long subscriptionId,
        string from,
        string next,
        long era,
        IReadOnlyCollection<long> positions,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            Node = node,
            SubscriptionId = subscriptionId,
            From = from,
            Next = next,
            Era = era,
            Positions = positions.ToArray(),
            Delivery.EventsMax,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<long>(
                new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
            ) > 0;
    }
}
