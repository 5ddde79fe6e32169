using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Access;

/// <summary>
/// Gives the server's role what it needs and no more: the owner of the schema runs it after each migration.
/// </summary>
public sealed class GrantServerRole(Cell cell)
{
    private const string Sql = """
        -- access.grant_server_role
        SELECT grant_server_role(@Role::name);
        -- access.narrow_server_role
        SELECT narrow_server_role(@Role::name)
        """;

    /// <param name="role">A role that there is, and not the owner.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="NpgsqlException">The database is away, or there is no such role.</exception>
    public async Task ExecuteAsync(string role, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(Sql, new { Role = role }, cancellationToken: cancellation));
    }
}
