using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>
/// Finds out whether the data still lies on the cluster on which its transaction ids were drawn. On another (restored,
/// or moved by its logical form) they begin again: the era is raised, and whoever kept a cursor or a copy of the era
/// before begins anew. Run at start.
/// </summary>
public sealed class OpenEra(Cell cell)
{
    private const string Sql = """
        -- journal.open_era
        WITH cluster AS (
            SELECT system_identifier FROM pg_control_system()),
        raised AS (
            UPDATE cell SET era = cell.era + 1, system_identifier = cluster.system_identifier
            FROM cluster WHERE cell.system_identifier <> cluster.system_identifier
            RETURNING cell.era)
        SELECT coalesce((SELECT era FROM raised), (SELECT era FROM cell)) AS era, current_database()::text AS database
        """;

    /// <returns>The era, and a name under which copies of this cell are kept apart from those of others.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<CellEra> ExecuteAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var (era, database) = await connection.QuerySingleAsync<(long Era, string Database)>(
            new CommandDefinition(Sql, cancellationToken: cancellation)
        );
        return new(era, $"{database}.{cell.Schema}");
    }
}

/// <summary>The era of a cell.</summary>
/// <param name="Era">Rises when the data moves to another cluster.</param>
/// <param name="Cell">Database and schema.</param>
public sealed record CellEra(long Era, string Cell);
