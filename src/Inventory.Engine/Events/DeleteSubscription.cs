using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Events;

/// <summary>Ends a subscription for good, and forgets its secret and its deliveries.</summary>
public sealed class DeleteSubscription(Cell cell)
{
    private const string Sql = """
        -- events.delete_subscription
        WITH ended AS (
            UPDATE event_subscription s
            SET deleted_at = coalesce(s.deleted_at, clock_timestamp()), secret = '', leased_by = NULL, leased_until = NULL
            WHERE s.subscription_id = @SubscriptionId
            RETURNING s.subscription_id),
        forgotten AS (
            DELETE FROM event_delivery d USING ended e WHERE d.subscription_id = e.subscription_id)
        SELECT count(*) FROM ended
        """;

    /// <summary>One that is ended already stays as it is, and is no error.</summary>
    /// <returns>Whether there is, or was, such a subscription.</returns>
    /// <exception cref="NpgsqlException">The database is away; asking again is safe.</exception>
    public async Task<bool> ExecuteAsync(long subscriptionId, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<long>(
                new CommandDefinition(Sql, new { SubscriptionId = subscriptionId }, cancellationToken: cancellation)
            ) > 0;
    }
}
