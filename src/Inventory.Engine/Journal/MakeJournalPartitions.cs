using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>
/// Makes the journal's partitions of this month and the months ahead, those that are missing. For a job; safe on many
/// nodes.
/// </summary>
public sealed class MakeJournalPartitions(Cell cell)
{
    // One node at a time: of two that found the same one missing, one would fail.
    private const string LockSql = """
        -- journal.lock_partitions
        SELECT pg_advisory_xact_lock(hashtext('inventory.partitions'), hashtext(@Schema))
        """;

    private const string Sql = """
        -- journal.make_partitions
        SELECT make_journal_partitions(@MonthsAhead)
        """;

    /// <summary>How many months ahead, unless said otherwise.</summary>
    public const int DefaultMonthsAhead = 3;

    /// <param name="monthsAhead">0 or more.</param>
    /// <param name="cancellation">Ends it; nothing is made.</param>
    /// <returns>How many were made.</returns>
    /// <exception cref="NpgsqlException">
    /// The database is away, or rows of a missing month stand in the default partition.
    /// </exception>
    public async Task<int> ExecuteAsync(int monthsAhead, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(
            new CommandDefinition(LockSql, new { cell.Schema }, transaction, cancellationToken: cancellation)
        );
        var made = await connection.ExecuteScalarAsync<int>(
            new CommandDefinition(Sql, new { MonthsAhead = monthsAhead }, transaction, cancellationToken: cancellation)
        );
        await transaction.CommitAsync(cancellation);
        return made;
    }
}
