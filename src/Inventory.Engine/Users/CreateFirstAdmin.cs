using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Users;

/// <summary>
/// Makes the one user by whom all others come to be, where there is none at all. Of several servers that start at once
/// one makes it: the others find its name taken, and look again.
/// </summary>
public sealed class CreateFirstAdmin(Cell cell)
{
    /// <summary>Its name.</summary>
    public const string Name = "admin";

    private const string Sql = """
        -- users.create_first_admin
        WITH created AS (
            INSERT INTO user_account (name, password_hash, roles, must_change, created_by, updated_by)
            SELECT @Name, @PasswordHash, '{admin}', true, @Actor, @Actor WHERE NOT EXISTS (SELECT FROM user_account)
            RETURNING user_id),
        noted AS (
            INSERT INTO user_event (user_id, event, actor, address, trace)
            SELECT n.user_id, 'CREATED', @Actor, @Address, @Trace FROM created n)
        SELECT count(*) FROM created
        """;

    private const string AnySql = """
        -- users.any
        SELECT EXISTS (SELECT FROM user_account)
        """;

    /// <summary>Whether there is a user already, so that no password need be made.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<bool> IsNeededAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return !await connection.QuerySingleAsync<bool>(new CommandDefinition(AnySql, cancellationToken: cancellation));
    }

    /// <param name="passwordHash">Of a password that is told once.</param>
    /// <param name="from">Who makes it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Whether it was made now, with this password.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<bool> ExecuteAsync(string passwordHash, ActedFrom from, CancellationToken cancellation)
    {
        var parameters = new
        {
            Name,
            PasswordHash = passwordHash,
            from.Actor,
            from.Address,
            from.Trace,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        return await RacedInsert.RunAsync(cell, c => c.QuerySingleAsync<long>(command), cancellation) == 1;
    }
}
