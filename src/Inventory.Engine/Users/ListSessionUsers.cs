using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Users;

/// <summary>Reads all users who may sign in.</summary>
public sealed class ListSessionUsers(Cell cell)
{
    private const string Sql = """
        -- users.list_session_users
        SELECT user_id, name, roles, warehouses, stamp, must_change FROM user_account WHERE disabled_at IS NULL
        """;

    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<SessionUser>> ExecuteAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<SessionUser>(
            new CommandDefinition(Sql, cancellationToken: cancellation)
        );
        return rows.AsList();
    }
}
