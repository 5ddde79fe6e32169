using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Events;

/// <summary>
/// Makes one node the sender of a subscription: it keeps those that it has, and takes those that nobody has any more.
/// What a sender writes afterwards names it, so one that has lost its lease in the meantime changes nothing.
/// </summary>
public sealed class LeaseSubscriptions(Cell cell)
{
    private const string Sql = """
        -- events.lease_subscriptions
        WITH mine AS MATERIALIZED (
            SELECT s.subscription_id FROM event_subscription s
            WHERE s.deleted_at IS NULL AND (s.leased_by = @Node OR s.leased_until IS NULL OR s.leased_until < clock_timestamp())
            ORDER BY s.subscription_id FOR UPDATE)
        UPDATE event_subscription s
        SET leased_by = @Node, leased_until = clock_timestamp() + make_interval(secs => @Seconds::double precision)
        FROM mine m WHERE s.subscription_id = m.subscription_id
        RETURNING s.subscription_id, s.url, s.format::int AS format, s.types, s.skus, s.warehouses, s.secret, s.cursor, s.created_at,
            s.created_by
        """;

    private const string ReleaseSql = """
        -- events.release_subscriptions
        UPDATE event_subscription s SET leased_by = NULL, leased_until = NULL WHERE s.leased_by = @Node
        """;

    /// <param name="node">The sender.</param>
    /// <param name="length">How long the lease holds if it is not renewed.</param>
    /// <param name="cancellation">Ends the wait; a lease that was taken all the same lapses by itself.</param>
    /// <returns>All that the node sends for now.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<Subscription>> ExecuteAsync(
        Guid node,
        TimeSpan length,
        CancellationToken cancellation
    )
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Subscription>(
            new CommandDefinition(
                Sql,
                new { Node = node, Seconds = length.TotalSeconds },
                cancellationToken: cancellation
            )
        );
        return rows.AsList();
    }

    /// <summary>Leaves them to others, who need not wait until the leases lapse.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task ReleaseAsync(Guid node, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(
            new CommandDefinition(ReleaseSql, new { Node = node }, cancellationToken: cancellation)
        );
    }
}
