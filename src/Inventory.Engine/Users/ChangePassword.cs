using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Users;

/// <summary>
/// A user who has shown the old password sets another. All sessions end but the one that the new stamp is given to.
/// </summary>
public sealed class ChangePassword(Cell cell)
{
    private const string Sql = """
        -- users.change_password
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        changed AS (
            UPDATE user_account u SET password_hash = @PasswordHash, must_change = false, failed_count = 0, locked_until = NULL,
                stamp = gen_random_uuid(), updated_at = c.now, updated_by = @Actor
            FROM clock c
            WHERE u.user_id = @UserId AND u.stamp = @Stamp AND u.disabled_at IS NULL
            RETURNING u.user_id, u.stamp),
        noted AS (
            INSERT INTO user_event (at, user_id, event, actor, address, trace)
            SELECT c.now, n.user_id, 'PASSWORD_CHANGED', @Actor, @Address, @Trace FROM changed n, clock c)
        SELECT stamp FROM changed
        """;

    /// <param name="attempt">The one by which the old password was shown.</param>
    /// <param name="passwordHash">Of the new one.</param>
    /// <param name="from">Who changes it.</param>
    /// <param name="cancellation">Ends the wait; the effect may happen all the same.</param>
    /// <returns>The new stamp; null: the user was edited meanwhile.</returns>
    /// <exception cref="NpgsqlException">The database is away; whether there was an effect is unknown.</exception>
    public async Task<Guid?> ExecuteAsync(
        TakeSignInAttempt.Attempt attempt,
        string passwordHash,
        ActedFrom from,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            attempt.UserId,
            attempt.Stamp,
            PasswordHash = passwordHash,
            from.Actor,
            from.Address,
            from.Trace,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<Guid?>(
            new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
        );
    }
}
