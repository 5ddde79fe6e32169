using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Users;

/// <summary>Makes a user with a password that is told once and must be changed, once a request id.</summary>
public sealed class CreateUser(Cell cell)
{
    private const string Sql = """
        -- users.create
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, (r.answer ->> 'user_id')::int AS user_id FROM request r WHERE r.request_key = @Key),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN s.fingerprint = @Fingerprint THEN 2
                    WHEN s.fingerprint IS NOT NULL THEN 3
                    WHEN EXISTS (SELECT FROM user_account u WHERE lower(u.name) = @NameKey) THEN 4
                    ELSE 1
                END AS outcome, s.user_id
            FROM (SELECT) AS always LEFT JOIN seen s ON true),
        created AS (
            INSERT INTO user_account (name, password_hash, roles, warehouses, must_change, created_at, created_by, updated_at, updated_by)
            SELECT @Name, @PasswordHash, @Roles::text[], @Warehouses::text[], true, c.now, @Actor, c.now, @Actor
            FROM clock c, judged j WHERE j.outcome = 1
            RETURNING user_id, name, roles, warehouses, must_change, disabled_at, locked_until, revision, created_at, created_by,
                updated_at, updated_by, last_sign_in_at),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, c.now, 120, jsonb_build_object('user_id', n.user_id) FROM created n, clock c),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT c.now, 'CreateUser', n.name, @Key, @Actor, @Origin::int, @TraceId::uuid FROM created n, clock c),
        noted AS (
            INSERT INTO user_event (at, user_id, event, actor, address, trace)
            SELECT c.now, n.user_id, 'CREATED', @Actor, @Address, @Trace FROM created n, clock c),
        shown AS (
            SELECT user_id, name, roles, warehouses, must_change, disabled_at, locked_until, revision, created_at, created_by,
                updated_at, updated_by, last_sign_in_at
            FROM created
            UNION ALL
            SELECT u.user_id, u.name, u.roles, u.warehouses, u.must_change, u.disabled_at, u.locked_until, u.revision, u.created_at,
                u.created_by, u.updated_at, u.updated_by, u.last_sign_in_at
            FROM judged j JOIN user_account u ON u.user_id = j.user_id WHERE j.outcome = 2)
        SELECT j.outcome, s.user_id, s.name, s.roles, s.warehouses, s.must_change, s.disabled_at, s.locked_until,
            coalesce(s.revision, 0) AS revision, s.created_at, s.created_by, s.updated_at, s.updated_by, s.last_sign_in_at
        FROM judged j LEFT JOIN shown s ON true
        """;

    /// <summary>Makes a user. A replay makes none, and its password is not the user's.</summary>
    /// <param name="user">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<UserAnswer> ExecuteAsync(NewUser user, CancellationToken cancellation)
    {
        var parameters = new
        {
            Key = RequestKey.Id(user.From.Who, user.RequestId),
            Fingerprint = user.Fingerprint(),
            user.Name,
            NameKey = UserAccount.KeyOf(user.Name),
            user.PasswordHash,
            Roles = user.Roles.ToArray(),
            Warehouses = user.Warehouses?.ToArray(),
            user.From.Actor,
            user.From.Address,
            user.From.Trace,
            user.From.Origin,
            user.From.TraceId,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var row = await RacedInsert.RunAsync(cell, c => c.QuerySingleAsync<UserRow>(command), cancellation);
        return row.ToAnswer();
    }
}
