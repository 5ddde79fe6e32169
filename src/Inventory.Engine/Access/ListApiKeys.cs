using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Access;

/// <summary>Reads API keys: those that count now, for servers, or all of them, for people.</summary>
public sealed class ListApiKeys(Cell cell)
{
    private const string Sql = """
        -- access.list_api_keys
        SELECT api_key_id, name, sha256, scopes, roles, warehouses, created_at, created_by, expires_at, revoked_at, revoked_by, last_used_at
        FROM api_key
        WHERE @Ended OR (revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp()))
        ORDER BY api_key_id
        """;

    /// <param name="ended">Also those that are revoked or have expired.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>In the order in which they were made.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<ApiKey>> ExecuteAsync(bool ended, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<ApiKey>(
            new CommandDefinition(Sql, new { Ended = ended }, cancellationToken: cancellation)
        );
        return rows.AsList();
    }
}
