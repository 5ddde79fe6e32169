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
        WITH open AS MATERIALIZED (
            SELECT EXISTS (SELECT FROM api_key k WHERE k.api_key_id = @ApiKeyId AND k.revoked_at IS NULL) AS is_open),
        revoked AS MATERIALIZED (
            SELECT revoke_api_key(@ApiKeyId, @By) AS name),
        audited AS (
            INSERT INTO mutation (at, operation, target, actor, origin, trace)
            SELECT clock_timestamp(), 'RevokeApiKey', @ApiKeyId::text, @By, @Origin::int, @Trace::uuid
            FROM open o, revoked r WHERE o.is_open AND r.name IS NOT NULL)
        SELECT name FROM revoked
        """;

    /// <summary>A key that is revoked already stays as it is, and is no error.</summary>
    /// <returns>The caller that it stood for; null: there is no such key.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<string?> ExecuteAsync(int apiKeyId, Actor by, CancellationToken cancellation)
    {
        var parameters = new
        {
            ApiKeyId = apiKeyId,
            By = by.Name,
            by.Origin,
            by.Trace,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<string>(
            new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
        );
    }
}
