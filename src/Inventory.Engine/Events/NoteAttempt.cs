using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Events;

/// <summary>Writes down what came of an attempt. Of those that succeeded the last few are kept.</summary>
public sealed class NoteAttempt(Cell cell)
{
    private const int KeptMax = 100;

    private const string Sql = """
        -- events.note_attempt
        WITH noted AS (
            UPDATE event_delivery d
            SET state = @State::smallint, attempts = d.attempts + 1, attempted_at = clock_timestamp(), status = @Status::int, error = @Error,
                due_at = clock_timestamp() + make_interval(secs => @PauseSeconds::double precision)
            FROM event_subscription s
            WHERE d.delivery_id = @DeliveryId AND d.state = 1 AND s.subscription_id = d.subscription_id AND s.leased_by = @Node
            RETURNING d.subscription_id),
        kept AS (
            SELECT min(k.delivery_id) AS first FROM (
                SELECT d.delivery_id FROM event_delivery d JOIN noted n ON n.subscription_id = d.subscription_id
                WHERE d.state = 2 ORDER BY d.delivery_id DESC LIMIT @KeptMax::int - (@State::smallint = 2)::int) k),
        forgotten AS (
            DELETE FROM event_delivery d USING noted n, kept k
            WHERE d.subscription_id = n.subscription_id AND d.state = 2 AND d.delivery_id < k.first)
        SELECT count(*) FROM noted
        """;

    /// <param name="node">The sender.</param>
    /// <param name="deliveryId">Which delivery.</param>
    /// <param name="attempt">What came of it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False: another node sends now, or it is gone; nothing was changed.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<bool> ExecuteAsync(Guid node, long deliveryId, Attempt attempt, CancellationToken cancellation)
    {
        var parameters = new
        {
            Node = node,
            DeliveryId = deliveryId,
            State = (short)attempt.State,
            attempt.Status,
            attempt.Error,
            PauseSeconds = attempt.Pause.TotalSeconds,
            KeptMax,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<long>(
                new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
            ) > 0;
    }
}

/// <summary>What came of an attempt.</summary>
/// <param name="State">Of the delivery from now on.</param>
/// <param name="Status">The HTTP status; null: there was no answer.</param>
/// <param name="Error">What was wrong, for people; null: nothing.</param>
/// <param name="Pause">Until the next attempt, of one that is pending.</param>
public sealed record Attempt(DeliveryState State, int? Status, string? Error, TimeSpan Pause);
