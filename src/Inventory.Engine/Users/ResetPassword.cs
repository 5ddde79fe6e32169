using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Users;

/// <summary>
/// Gives a user a password that is told once and must be changed, once a request id. Its sessions end, and it is not
/// locked any more.
/// </summary>
public sealed class ResetPassword(Cell cell)
{
    private const string Sql = """
        -- users.reset_password
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint FROM request r WHERE r.request_key = @Key),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN s.fingerprint = @Fingerprint THEN 2
                    WHEN s.fingerprint IS NOT NULL THEN 3
                    WHEN u.user_id IS NULL THEN 5
                    ELSE 1
                END AS outcome, u.user_id
            FROM (SELECT) AS always LEFT JOIN seen s ON true LEFT JOIN user_account u ON lower(u.name) = @NameKey),
        edited AS (
            UPDATE user_account u SET password_hash = @PasswordHash, must_change = true, failed_count = 0, locked_until = NULL,
                stamp = gen_random_uuid(), revision = u.revision + 1, updated_at = c.now, updated_by = @Actor
            FROM judged j, clock c
            WHERE j.outcome = 1 AND u.user_id = j.user_id
            RETURNING u.user_id, u.name, u.roles, u.warehouses, u.must_change, u.disabled_at, u.locked_until, u.revision, u.created_at,
                u.created_by, u.updated_at, u.updated_by, u.last_sign_in_at),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, c.now, 122, jsonb_build_object('user_id', e.user_id) FROM edited e, clock c),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT c.now, 'ResetUserPassword', n.name, @Key, @Actor, @Origin::int, @TraceId::uuid FROM edited n, clock c),
        noted AS (
            INSERT INTO user_event (at, user_id, event, actor, address, trace)
            SELECT c.now, e.user_id, 'PASSWORD_RESET', @Actor, @Address, @Trace FROM edited e, clock c),
        shown AS (
            SELECT user_id, name, roles, warehouses, must_change, disabled_at, locked_until, revision, created_at, created_by,
                updated_at, updated_by, last_sign_in_at
            FROM edited
            UNION ALL
            SELECT u.user_id, u.name, u.roles, u.warehouses, u.must_change, u.disabled_at, u.locked_until, u.revision, u.created_at,
                u.created_by, u.updated_at, u.updated_by, u.last_sign_in_at
            FROM judged j JOIN user_account u ON u.user_id = j.user_id WHERE j.outcome = 2)
        SELECT j.outcome, s.user_id, s.name, s.roles, s.warehouses, s.must_change, s.disabled_at, s.locked_until,
            coalesce(s.revision, 0) AS revision, s.created_at, s.created_by, s.updated_at, s.updated_by, s.last_sign_in_at
        FROM judged j LEFT JOIN shown s ON true
        """;

    /// <summary>Resets a password. A replay resets nothing, and its password is not the user's.</summary>
    /// <param name="name">Whom.</param>
    /// <param name="passwordHash">Of a password that is told once; no part of the request's content.</param>
    /// <param name="requestId">1 to 64 printable characters; with the actor the request's identity.</param>
    /// <param name="from">Who resets it.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<UserAnswer> ExecuteAsync(
        string name,
        string passwordHash,
        string requestId,
        ActedFrom from,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            Key = RequestKey.Id(from.Who, requestId),
            Fingerprint = Fingerprint(name),
            NameKey = UserAccount.KeyOf(name),
            PasswordHash = passwordHash,
            from.Actor,
            from.Address,
            from.Trace,
            from.Origin,
            from.TraceId,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var row = await RacedInsert.RunAsync(cell, c => c.QuerySingleAsync<UserRow>(command), cancellation);
        return row.ToAnswer();
    }

    private static long Fingerprint(string name)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.ResetPassword);
        content.Text(UserAccount.KeyOf(name));
        return content.ToFingerprint();
    }
}
