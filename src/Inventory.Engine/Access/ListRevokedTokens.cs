using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Access;

/// <summary>Reads which tokens were ended before their time, as long as they would be believed without it.</summary>
public sealed class ListRevokedTokens(Cell cell)
{
    // An issuer's clock may be behind the database's.
    private const string Sql = """
        -- access.list_revoked_tokens
        SELECT token_id FROM revoked_token WHERE expires_at > (SELECT clock_timestamp()) - interval '5 minutes'
        """;

    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<string>> ExecuteAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var found = await connection.QueryAsync<string>(new CommandDefinition(Sql, cancellationToken: cancellation));
        return found.AsList();
    }
}
