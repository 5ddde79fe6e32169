using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Users;

/// <summary>
/// Edits a user, once a request id. Its sessions end with it, on every server within 30 seconds: who it is by now is
/// asked anew.
/// </summary>
public sealed class UpdateUser(Cell cell)
{
    // One edit at a time, whoever is edited: two admins who disable each other at once would leave none. The lock comes
    // first, so that the second statement sees what the last edit has left.
    private const string Sql = """
        -- users.update_lock
        SELECT count(*) FROM (
            SELECT pg_advisory_xact_lock(hashtext('inventory.users'), hashtext(current_schema()::text)) OFFSET 0) AS locked;
        -- users.update
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint FROM request r WHERE r.request_key = @Key),
        wanted AS MATERIALIZED (
            SELECT u.user_id, u.revision, coalesce(@Roles::text[], u.roles) AS roles,
                CASE WHEN @SetsWarehouses::boolean THEN @Warehouses::text[] ELSE u.warehouses END AS warehouses,
                CASE
                    WHEN @Disabled::boolean THEN coalesce(u.disabled_at, c.now)
                    WHEN NOT @Disabled::boolean THEN NULL
                    ELSE u.disabled_at
                END AS disabled_at,
                u.disabled_at IS NULL AND 'admin' = ANY (u.roles) AS was_admin
            FROM user_account u, clock c WHERE lower(u.name) = @NameKey),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN s.fingerprint = @Fingerprint THEN 2
                    WHEN s.fingerprint IS NOT NULL THEN 3
                    WHEN w.user_id IS NULL THEN 5
                    WHEN @Expected::bigint <> w.revision THEN 6
                    WHEN w.was_admin AND NOT (w.disabled_at IS NULL AND 'admin' = ANY (w.roles)) AND NOT EXISTS (
                        SELECT FROM user_account o
                        WHERE o.user_id <> w.user_id AND o.disabled_at IS NULL AND 'admin' = ANY (o.roles)) THEN 7
                    ELSE 1
                END AS outcome, w.user_id, coalesce(w.revision, 0) AS revision
            FROM (SELECT) AS always LEFT JOIN seen s ON true LEFT JOIN wanted w ON true),
        edited AS (
            UPDATE user_account u SET roles = w.roles, warehouses = w.warehouses, disabled_at = w.disabled_at,
                stamp = gen_random_uuid(), revision = u.revision + 1, updated_at = c.now, updated_by = @Actor
            FROM wanted w, judged j, clock c
            WHERE j.outcome = 1 AND u.user_id = w.user_id
            RETURNING u.user_id, u.name, u.roles, u.warehouses, u.must_change, u.disabled_at, u.locked_until, u.revision, u.created_at,
                u.created_by, u.updated_at, u.updated_by, u.last_sign_in_at),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, c.now, 121, jsonb_build_object('user_id', e.user_id) FROM edited e, clock c),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT c.now, 'UpdateUser', n.name, @Key, @Actor, @Origin::int, @TraceId::uuid FROM edited n, clock c),
        noted AS (
            INSERT INTO user_event (at, user_id, event, actor, address, trace)
            SELECT c.now, e.user_id, 'UPDATED', @Actor, @Address, @Trace FROM edited e, clock c),
        shown AS (
            SELECT user_id, name, roles, warehouses, must_change, disabled_at, locked_until, revision, created_at, created_by,
                updated_at, updated_by, last_sign_in_at
            FROM edited
            UNION ALL
            SELECT u.user_id, u.name, u.roles, u.warehouses, u.must_change, u.disabled_at, u.locked_until, u.revision, u.created_at,
                u.created_by, u.updated_at, u.updated_by, u.last_sign_in_at
            FROM judged j JOIN user_account u ON u.user_id = j.user_id WHERE j.outcome = 2)
        SELECT j.outcome, s.user_id, s.name, s.roles, s.warehouses, s.must_change, s.disabled_at, s.locked_until,
            coalesce(s.revision, j.revision) AS revision, s.created_at, s.created_by, s.updated_at, s.updated_by, s.last_sign_in_at
        FROM judged j LEFT JOIN shown s ON true
        """;

    /// <summary>Edits a user.</summary>
    /// <param name="edit">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<UserAnswer> ExecuteAsync(UserEdit edit, CancellationToken cancellation)
    {
        var parameters = new
        {
            Key = RequestKey.Id(edit.From.Who, edit.RequestId),
            Fingerprint = edit.Fingerprint(),
            NameKey = UserAccount.KeyOf(edit.Name),
            Expected = edit.ExpectedRevision,
            Roles = edit.Roles?.ToArray(),
            edit.SetsWarehouses,
            Warehouses = edit.Warehouses?.ToArray(),
            edit.Disabled,
            edit.From.Actor,
            edit.From.Address,
            edit.From.Trace,
            edit.From.Origin,
            edit.From.TraceId,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var row = await RacedInsert.RunAsync(cell, c => RunAsync(c, command), cancellation);
        return row.ToAnswer();
    }

    private static async Task<UserRow> RunAsync(NpgsqlConnection connection, CommandDefinition command)
    {
        await using var results = await connection.QueryMultipleAsync(command);
        await results.ReadSingleAsync<long>();
        return await results.ReadSingleAsync<UserRow>();
    }
}
