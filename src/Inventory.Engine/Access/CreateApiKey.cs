using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Access;

/// <summary>Makes an API key. Its secret is told once, here; the table holds its hash.</summary>
public sealed class CreateApiKey(Cell cell)
{
    private const string Sql = """
        -- access.create_api_key
        WITH created AS (
            INSERT INTO api_key (name, sha256, scopes, roles, warehouses, created_by, expires_at)
            VALUES (@Name, @Sha256, @Scopes::text[], @Roles::text[], @Warehouses::text[], @CreatedBy,
                clock_timestamp() + make_interval(secs => @LifetimeSeconds::double precision))
            RETURNING api_key_id, created_at),
        audited AS (
            INSERT INTO mutation (at, operation, target, actor, origin, trace)
            SELECT c.created_at, 'CreateApiKey', c.api_key_id::text, @CreatedBy, @Origin::int, @Trace::uuid FROM created c)
        SELECT api_key_id FROM created
        """;

    /// <summary>A key that was just made.</summary>
    /// <param name="ApiKeyId">By which it is revoked.</param>
    /// <param name="Secret">What its holder sends; nobody can read it again.</param>
    public sealed record Made(int ApiKeyId, string Secret);

    /// <exception cref="NpgsqlException">The database is away, or refuses the name.</exception>
    public async Task<Made> ExecuteAsync(NewApiKey asked, CancellationToken cancellation)
    {
        var secret = ApiKeySecret.Make();
        var values = new
        {
            asked.Name,
            Sha256 = ApiKeySecret.Hash(secret),
            Scopes = asked.Scopes.ToArray(),
            Roles = asked.Roles.ToArray(),
            Warehouses = asked.Warehouses?.ToArray(),
            CreatedBy = asked.CreatedBy.Name,
            asked.CreatedBy.Origin,
            asked.CreatedBy.Trace,
            LifetimeSeconds = asked.Lifetime?.TotalSeconds,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var id = await connection.QuerySingleAsync<int>(
            new CommandDefinition(Sql, values, cancellationToken: cancellation)
        );
        return new(id, secret);
    }
}
