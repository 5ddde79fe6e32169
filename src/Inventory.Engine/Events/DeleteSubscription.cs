using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Events;

/// <summary>Ends a subscription for good, and forgets its secret and its deliveries.</summary>
public sealed class DeleteSubscription(Cell cell)
{
    private const string Sql = """
        -- events.delete_subscription
        WITH open AS MATERIALIZED (
            SELECT o.subscription_id FROM event_subscription o WHERE o.subscription_id = @SubscriptionId AND o.deleted_at IS NULL),
        ended AS (
            UPDATE event_subscription s
            SET deleted_at = coalesce(s.deleted_at, clock_timestamp()), secret = '', leased_by = NULL, leased_until = NULL
            WHERE s.subscription_id = @SubscriptionId
            RETURNING s.subscription_id),
        audited AS (
            INSERT INTO mutation (at, operation, target, actor, origin, trace)
            SELECT clock_timestamp(), 'DeleteSubscription', o.subscription_id::text, @Caller, @Origin::int, @Trace::uuid FROM open o),
        forgotten AS (
            DELETE FROM event_delivery d USING ended e WHERE d.subscription_id = e.subscription_id)
        SELECT count(*) FROM ended
        """;

    /// <summary>One that is ended already stays as it is, and is no error.</summary>
    /// <returns>Whether there is, or was, such a subscription.</returns>
    /// <exception cref="NpgsqlException">The database is away; asking again is safe.</exception>
    public async Task<bool> ExecuteAsync(long subscriptionId, Actor caller, CancellationToken cancellation)
    {
        var parameters = new
        {
            SubscriptionId = subscriptionId,
            Caller = caller.Name,
            caller.Origin,
            caller.Trace,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<long>(
                new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
            ) > 0;
    }
}
