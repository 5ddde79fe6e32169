using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Users;

/// <summary>
/// Takes one of the attempts that a name has, before a password is looked at, so that however many guess at once no
/// more are judged than there are attempts. One that goes well gives them all back (<see cref="CompleteSignIn"/>).
/// </summary>
public sealed class TakeSignInAttempt(Cell cell)
{
    /// <summary>Failures in a row, from which on each locks: for a minute, then two, then four.</summary>
    public const int FailuresMax = 10;

    /// <summary>The longest lock, in minutes.</summary>
    public const int LockMinutesMax = 60;

    // The condition is judged again on what another attempt has left, so the count is exact. Its commit waits for no
    // disk: that would take longer for names that there are than for others, and a crash may forget an attempt.
    private const string Sql = """
        -- users.sign_in_lightly
        SELECT set_config('synchronous_commit', 'off', true);
        -- users.take_sign_in_attempt
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        taken AS (
            UPDATE user_account u SET failed_count = u.failed_count + 1,
                locked_until = CASE WHEN u.failed_count + 1 >= @FailuresMax
                    THEN c.now + make_interval(mins => least(@MinutesMax, 2 ^ least(u.failed_count + 1 - @FailuresMax, 10))::int)
                END
            FROM clock c
            WHERE lower(u.name) = @NameKey AND u.disabled_at IS NULL AND (u.locked_until IS NULL OR u.locked_until <= c.now)
            RETURNING u.user_id, u.password_hash, u.stamp, u.locked_until IS NOT NULL AS locks)
        SELECT u.user_id, u.name, t.password_hash, t.stamp, coalesce(t.locks, false) AS locks,
            t.user_id IS NULL AND u.disabled_at IS NULL AS is_locked, u.disabled_at IS NOT NULL AS is_disabled
        FROM user_account u LEFT JOIN taken t ON t.user_id = u.user_id WHERE lower(u.name) = @NameKey
        """;

    /// <summary>An attempt, and why it cannot go well, if that is known already.</summary>
    public sealed record Attempt
    {
        /// <summary>Whose name it is.</summary>
        public required int UserId { get; init; }

        /// <summary>As it was made.</summary>
        public required string Name { get; init; }

        /// <summary>By which the password is judged; null: none was taken, and no password helps.</summary>
        public string? PasswordHash { get; init; }

        /// <summary>Whose password that is.</summary>
        public Guid Stamp { get; init; }

        /// <summary>If it fails, nobody signs in by that name for a while.</summary>
        public bool Locks { get; init; }

        /// <summary>Too many have failed.</summary>
        public bool IsLocked { get; init; }

        /// <summary>The user may not sign in.</summary>
        public bool IsDisabled { get; init; }
    }

    /// <param name="name">As somebody typed it.</param>
    /// <param name="cancellation">Ends the wait; the attempt may be taken all the same.</param>
    /// <returns>Null: there is no user of that name.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<Attempt?> ExecuteAsync(string name, CancellationToken cancellation)
    {
        var parameters = new
        {
            NameKey = UserAccount.KeyOf(name),
            FailuresMax,
            MinutesMax = LockMinutesMax,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await using var results = await connection.QueryMultipleAsync(
            new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
        );
        await results.ReadSingleAsync<string>();
        return await results.ReadSingleOrDefaultAsync<Attempt>();
    }
}
