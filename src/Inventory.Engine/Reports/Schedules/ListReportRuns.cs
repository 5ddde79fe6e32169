using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reports.Schedules;

/// <summary>Lists runs page by page, the newest first.</summary>
public sealed class ListReportRuns(Cell cell)
{
    /// <summary>The most runs of a page.</summary>
    public const int PageSizeMax = 1_000;

    private const string Sql = """
        -- reports.list_runs
        SELECT r.run_id, r.schedule_id, r.state::int AS state, r.due_at, r.asked_by, r.report::int AS report, r.from_at, r.before_at,
            r.attempts, r.created_at, r.try_at, r.attempted_at, r.status, r.error, r.row_count, r.byte_count
        FROM report_run r
        WHERE (@ScheduleId::bigint IS NULL OR r.schedule_id = @ScheduleId::bigint) AND (@State::smallint IS NULL OR r.state = @State::smallint)
            AND r.run_id < @Before::bigint
        ORDER BY r.run_id DESC LIMIT @Limit::int
        """;

    /// <param name="scheduleId">Whose; null: of all.</param>
    /// <param name="state">Null: any.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>Null: the page token is not of this list.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ReportRunPage?> ExecuteAsync(
        long? scheduleId,
        ReportRunState? state,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = Fingerprint(scheduleId, state);
        var place = new PageToken(long.MaxValue, "");
        if (!string.IsNullOrEmpty(pageToken) && !PageToken.TryRead(pageToken, fingerprint, out place))
        {
            return null;
        }

        var parameters = new
        {
            ScheduleId = scheduleId,
            State = (short?)state,
            Before = place.Number,
            Limit = pageSize + 1,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var rows = (await connection.QueryAsync<ReportRun>(command)).AsList();
        return rows.Count <= pageSize
            ? new(rows, null)
            : new(rows[..pageSize], new PageToken(rows[pageSize - 1].RunId, "").Write(fingerprint));
    }

    private static long Fingerprint(long? scheduleId, ReportRunState? state)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("report runs");
        content.Number(scheduleId);
        content.Number((long?)state);
        return content.ToFingerprint();
    }
}

/// <summary>A page.</summary>
/// <param name="Runs">At most as many as asked for.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record ReportRunPage(IReadOnlyList<ReportRun> Runs, string? NextPageToken);
