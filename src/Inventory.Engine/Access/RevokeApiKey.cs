using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Access;

/// <summary>
/// Ends an API key for good. Every server has given up what it remembers of it within 30 seconds.
/// </summary>
public sealed class RevokeApiKey(Cell cell)
{
    private const string Sql = """
        -- access.revoke_api_key
        SELECT revoke_api_key(@ApiKeyId, @By)
        """;

    /// <summary>A key that is revoked already stays as it is, and is no error.</summary>
    /// <returns>The caller that it stood for; null: there is no such key.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<string?> ExecuteAsync(int apiKeyId, string by, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<string>(
            new CommandDefinition(Sql, new { ApiKeyId = apiKeyId, By = by }, cancellationToken: cancellation)
        );
    }
}
