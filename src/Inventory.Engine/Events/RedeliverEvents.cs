using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Events;

/// <summary>Has a delivery made once more, with all its attempts.</summary>
public sealed class RedeliverEvents(Cell cell)
{
    private const string Sql = """
        -- events.redeliver
        UPDATE event_delivery d
        SET state = 1, due_at = clock_timestamp(), attempts = CASE WHEN d.state = 1 THEN d.attempts ELSE 0 END
        WHERE d.delivery_id = @DeliveryId
        RETURNING d.delivery_id, d.subscription_id, d.state::int AS state, d.attempts, cardinality(d.positions) AS event_count,
            d.positions[1] AS first_position, d.created_at, d.due_at, d.attempted_at, d.status, d.error
        """;

    /// <summary>One that is pending keeps its attempts, and is due at once.</summary>
    /// <returns>As it is now; null: there is none.</returns>
    /// <exception cref="NpgsqlException">The database is away; asking again is safe.</exception>
    public async Task<Delivery?> ExecuteAsync(long deliveryId, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<Delivery>(
            new CommandDefinition(Sql, new { DeliveryId = deliveryId }, cancellationToken: cancellation)
        );
    }
}
