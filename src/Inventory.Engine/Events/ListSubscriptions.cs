using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Events;

/// <summary>Lists the subscriptions; there are at most <see cref="CreateSubscription.SubscriptionsMax"/>.</summary>
public sealed class ListSubscriptions(Cell cell)
{
    private const string Sql = """
        -- events.list_subscriptions
        SELECT s.subscription_id, s.url, s.format::int AS format, s.types, s.skus, s.warehouses, s.created_at, s.created_by
        FROM event_subscription s WHERE s.deleted_at IS NULL ORDER BY s.subscription_id
        """;

    /// <returns>In the order in which they were made, without their secrets.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<Subscription>> ExecuteAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Subscription>(
            new CommandDefinition(Sql, cancellationToken: cancellation)
        );
        return rows.AsList();
    }
}
