using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Events;

/// <summary>Finds the delivery whose turn it is: the oldest that is pending. Those behind it wait for it.</summary>
public sealed class NextDelivery(Cell cell)
{
    private const string Sql = """
        -- events.next_delivery
        SELECT d.delivery_id, d.era, d.positions, d.attempts, d.due_at <= clock_timestamp() AS is_due
        FROM event_delivery d WHERE d.subscription_id = @SubscriptionId AND d.state = 1
        ORDER BY d.delivery_id LIMIT 1
        """;

    /// <returns>Null: all that were made have been sent.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<PendingDelivery?> ExecuteAsync(long subscriptionId, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<PendingDelivery>(
            new CommandDefinition(Sql, new { SubscriptionId = subscriptionId }, cancellationToken: cancellation)
        );
    }
}

/// <summary>A delivery that is to be made.</summary>
public sealed record PendingDelivery
{
    /// <summary>Its number.</summary>
    public long DeliveryId { get; init; }

    /// <summary>Of the positions.</summary>
    public long Era { get; init; }

    /// <summary>The rows of the journal that it tells, in their order.</summary>
    public long[] Positions { get; init; } = [];

    /// <summary>So far.</summary>
    public int Attempts { get; init; }

    /// <summary>False: it failed, and its pause is not over.</summary>
    public bool IsDue { get; init; }
}
