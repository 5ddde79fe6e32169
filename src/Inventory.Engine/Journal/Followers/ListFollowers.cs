using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal.Followers;

/// <summary>Reads how far each follower has come, whichever node runs it.</summary>
public sealed class ListFollowers(Cell cell)
{
    private const string Sql = """
        -- journal.list_followers
        SELECT f.name, f.through, extract(epoch FROM clock_timestamp() - f.through)::double precision AS lag_seconds,
            (SELECT count(*) FROM journal_parked p WHERE p.name = f.name) AS parked
        FROM journal_follower f ORDER BY f.name
        """;

    /// <returns>Those that have ever run, by name.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<FollowerState>> ExecuteAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return (
            await connection.QueryAsync<FollowerState>(new CommandDefinition(Sql, cancellationToken: cancellation))
        ).AsList();
    }
}

/// <summary>How far a follower has come.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Through">All that was committed then has been handled, or is parked.</param>
/// <param name="LagSeconds">How long ago that was, by the database's clock.</param>
/// <param name="Parked">How many rows are parked.</param>
public sealed record FollowerState(string Name, DateTime Through, double LagSeconds, long Parked);
