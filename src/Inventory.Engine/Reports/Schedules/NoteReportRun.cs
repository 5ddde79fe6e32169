using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reports.Schedules;

/// <summary>Writes down what came of an attempt.</summary>
public sealed class NoteReportRun(Cell cell)
{
    private const string Sql = """
        -- reports.note_run
        UPDATE report_run r
        SET state = @State::smallint, status = @Status::int, error = @Error::text, row_count = @RowCount::bigint, byte_count = @ByteCount::bigint,
            try_at = clock_timestamp() + make_interval(secs => @PauseSeconds::double precision), leased_by = NULL, leased_until = NULL
        WHERE r.run_id = @RunId AND r.state = 1 AND r.leased_by = @Node AND r.attempts = @Attempts
        """;

    /// <param name="node">The sender.</param>
    /// <param name="run">As it was claimed.</param>
    /// <param name="attempt">What came of it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False: another node sends it now, or its schedule was deleted; nothing was changed.</returns>
    /// <exception cref="NpgsqlException">The database is away; it will be sent again.</exception>
    public async Task<bool> ExecuteAsync(
        Guid node,
        ReportRun run,
        ReportAttempt attempt,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            Node = node,
            run.RunId,
            run.Attempts,
            State = (short)attempt.State,
            attempt.Status,
            attempt.Error,
            attempt.RowCount,
            attempt.ByteCount,
            PauseSeconds = attempt.Pause.TotalSeconds,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(Sql, parameters, cancellationToken: cancellation))
            > 0;
    }
}

/// <summary>What came of an attempt.</summary>
public sealed record ReportAttempt
{
    /// <summary>Of the run from now on.</summary>
    public required ReportRunState State { get; init; }

    /// <summary>The HTTP status; null: there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>What was wrong, for people; null: nothing.</summary>
    public string? Error { get; init; }

    /// <summary>Until the next attempt, of one that is pending.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>Rows of the file, where it was taken.</summary>
    public long? RowCount { get; init; }

    /// <summary>Bytes of the file, where it was taken.</summary>
    public long? ByteCount { get; init; }
}
