using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal.Archive;

/// <summary>
/// Moves whole months of the journal to the archive when they are old and all that follow it have read them. For a job;
/// safe on many nodes.
/// </summary>
public sealed class ArchiveJournal(Cell cell)
{
    // One node at a time; another leaves it to that one.
    private const string LockSql = """
        -- journal.lock_archive
        SELECT pg_try_advisory_xact_lock(hashtext('inventory.archive'), hashtext(@Schema))
        """;

    private const string Sql = """
        -- journal.archive
        SELECT archive_journal(@KeepMonths)
        """;

    // To check a month is to read it.
    private const int TimeoutSeconds = 3_600;

    /// <summary>Moves what is old, one month after the other.</summary>
    /// <param name="keepMonths">How many full months before the present one stay, 1 or more.</param>
    /// <param name="cancellation">Ends it after the step.</param>
    /// <returns>How many months were moved.</returns>
    /// <exception cref="NpgsqlException">
    /// The database is away; or others did not leave the journal for a moment (55P03): it can be tried again.
    /// </exception>
    public async Task<int> SweepAsync(int keepMonths, CancellationToken cancellation)
    {
        for (var moved = 0; ; )
        {
            switch (await StepAsync(keepMonths, cancellation))
            {
                case null:
                    return moved;
                case "moved":
                    moved++;
                    break;
            }
        }
    }

    private async Task<string?> StepAsync(int keepMonths, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var isMine = await connection.QuerySingleAsync<bool>(
            new CommandDefinition(LockSql, new { cell.Schema }, transaction, cancellationToken: cancellation)
        );
        if (!isMine)
        {
            return null;
        }

        var step = await connection.QuerySingleAsync<string?>(
            new CommandDefinition(
                Sql,
                new { KeepMonths = keepMonths },
                transaction,
                TimeoutSeconds,
                cancellationToken: cancellation
            )
        );
        await transaction.CommitAsync(cancellation);
        return step;
    }
}
