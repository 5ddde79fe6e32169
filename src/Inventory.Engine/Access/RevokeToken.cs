using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Access;

/// <summary>
/// Ends an access token before its time. Every server that reaches the database has given it up within 30 seconds.
/// </summary>
public sealed class RevokeToken(Cell cell)
{
    private const string Sql = """
        -- access.revoke_token
        WITH revoked AS (
            INSERT INTO revoked_token (token_id, expires_at, revoked_by) VALUES (@TokenId, @ExpiresAt, @By)
            ON CONFLICT (token_id) DO NOTHING
            RETURNING revoked_at)
        INSERT INTO mutation (at, operation, target, actor, origin, trace)
        SELECT r.revoked_at, 'RevokeToken', @TokenId, @By, @Origin::int, @Trace::uuid FROM revoked r
        """;

    /// <summary>A token that is revoked already stays as it is, and is no error.</summary>
    /// <param name="tokenId">Its jti claim, 1 to 200 characters.</param>
    /// <param name="expiresAt">When nobody would believe it any more, UTC: so long the revocation is kept.</param>
    /// <param name="by">Who ends it.</param>
    /// <param name="cancellation">Lets the caller leave.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task ExecuteAsync(string tokenId, DateTime expiresAt, Actor by, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var parameters = new
        {
            TokenId = tokenId,
            ExpiresAt = expiresAt,
            By = by.Name,
            by.Origin,
            by.Trace,
        };
        await connection.ExecuteAsync(new CommandDefinition(Sql, parameters, cancellationToken: cancellation));
    }
}
