using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>Reads how far back a cursor may reach.</summary>
internal static class KeptJournal
{
    private const string Sql = """
        -- journal.kept
        SELECT (SELECT era FROM cell) AS era, pg_current_snapshot()::text AS snapshot,
            (SELECT j.position FROM journal j WHERE j.position > 0 ORDER BY j.position LIMIT 1) AS first,
            coalesce(pg_sequence_last_value('journal_position'::regclass), 0) AS last
        """;

    /// <param name="cell">Whose journal.</param>
    /// <param name="changesMax">Who has missed more than so many changes begins anew: that is quicker.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal static async Task<KeptRange> ExecuteAsync(Cell cell, long changesMax, CancellationToken cancellation)
    {
        await using var connection = await cell.Following.OpenConnectionAsync(cancellation);
        var (era, snapshot, first, last) = await connection.QuerySingleAsync<(
            long Era,
            string Snapshot,
            long? First,
            long Last
        )>(new CommandDefinition(Sql, cancellationToken: cancellation));
        return new(era, snapshot, Math.Max(first ?? last + 1, last - changesMax + 1));
    }
}
