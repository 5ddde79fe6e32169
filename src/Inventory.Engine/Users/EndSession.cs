using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Users;

/// <summary>
/// Signs out: a copy of the cookie that somebody has kept is believed no more, on every server within 30 seconds.
/// Sessions are ended as tokens are, each by an id of its own.
/// </summary>
public sealed class EndSession(Cell cell)
{
    private const string Sql = """
        -- users.end_session
        WITH ended AS (
            INSERT INTO revoked_token (token_id, expires_at, revoked_by) VALUES (@TokenId, @ExpiresAt, @Actor)
            ON CONFLICT (token_id) DO NOTHING
            RETURNING token_id)
        INSERT INTO user_event (user_id, event, actor, address, trace)
        SELECT @UserId, 'SIGNED_OUT', @Actor, @Address, @Trace FROM ended
        """;

    /// <param name="userId">Whose session it is.</param>
    /// <param name="tokenId">Its id.</param>
    /// <param name="expiresAt">When it would have ended by itself, UTC.</param>
    /// <param name="from">Who ends it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task ExecuteAsync(
        int userId,
        string tokenId,
        DateTime expiresAt,
        ActedFrom from,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            UserId = userId,
            TokenId = tokenId,
            ExpiresAt = expiresAt,
            from.Actor,
            from.Address,
            from.Trace,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(Sql, parameters, cancellationToken: cancellation));
    }
}
