using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Users;

/// <summary>
/// The password was right: gives the attempts back, and writes down who signed in, from where. Not if the user was
/// disabled or got another password meanwhile.
/// </summary>
public sealed class CompleteSignIn(Cell cell)
{
    private const string Sql = """
        -- users.complete_sign_in
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        signed AS (
            UPDATE user_account u SET failed_count = 0, locked_until = NULL, last_sign_in_at = c.now,
                password_hash = coalesce(@Rehashed, u.password_hash)
            FROM clock c
            WHERE u.user_id = @UserId AND u.stamp = @Stamp AND u.disabled_at IS NULL
            RETURNING u.user_id),
        noted AS (
            INSERT INTO user_event (at, user_id, event, actor, address, trace)
            SELECT c.now, s.user_id, 'SIGNED_IN', @Actor, @Address, @Trace FROM signed s, clock c)
        SELECT count(*) FROM signed
        """;

    /// <param name="attempt">The one that went well.</param>
    /// <param name="rehashed">The same password, hashed as it is done now; null: it was.</param>
    /// <param name="from">Who signed in.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Whether it still holds.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<bool> ExecuteAsync(
        TakeSignInAttempt.Attempt attempt,
        string? rehashed,
        ActedFrom from,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            attempt.UserId,
            attempt.Stamp,
            Rehashed = rehashed,
            from.Actor,
            from.Address,
            from.Trace,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var count = await connection.QuerySingleAsync<long>(
            new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
        );
        return count == 1;
    }
}
