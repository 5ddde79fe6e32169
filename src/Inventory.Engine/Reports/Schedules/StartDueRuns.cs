using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reports.Schedules;

/// <summary>
/// Makes a run of each time that is due. The statement that makes it moves the schedule to its next time, both or
/// neither: on any number of nodes, and through any crash, a due time has one run. Of times that nobody was there for,
/// the last is made up for.
/// </summary>
public sealed class StartDueRuns(Cell cell, CronTimes times)
{
    /// <summary>Runs of one schedule that are kept beside those that are pending.</summary>
    public const int KeptMax = 1_000;

    private const int DueMax = 20;

    private const string DueSql = """
        -- reports.due_schedules
        SELECT s.schedule_id, s.cron, s.time_zone, s.span::int AS span, s.days, s.next_at, s.revision, clock_timestamp() AS now
        FROM report_schedule s WHERE s.deleted_at IS NULL AND s.next_at <= clock_timestamp()
        ORDER BY s.next_at, s.schedule_id LIMIT @DueMax::int
        """;

    // Whoever else has it makes its run. The key is against a clock that was put back: what has been run is not run
    // again.
    private const string StartSql = """
        -- reports.start_run
        WITH taken AS MATERIALIZED (
            SELECT s.schedule_id, s.report FROM report_schedule s
            WHERE s.schedule_id = @ScheduleId AND s.deleted_at IS NULL AND s.next_at = @NextAt::timestamptz AND s.revision = @Revision
            FOR NO KEY UPDATE SKIP LOCKED),
        moved AS (
            UPDATE report_schedule s SET next_at = @Then::timestamptz FROM taken t WHERE s.schedule_id = t.schedule_id),
        forgotten AS (
            DELETE FROM report_run r USING taken t
            WHERE r.schedule_id = t.schedule_id AND r.state <> 1 AND r.run_id <= (
                SELECT k.run_id FROM report_run k WHERE k.schedule_id = t.schedule_id AND k.state <> 1
                ORDER BY k.run_id DESC LIMIT 1 OFFSET @KeptMax::int)),
        started AS (
            INSERT INTO report_run (schedule_id, due_at, report, from_at, before_at, created_at, try_at)
            SELECT t.schedule_id, @DueAt::timestamptz, t.report, @FromAt::timestamptz, @BeforeAt::timestamptz, clock_timestamp(),
                clock_timestamp()
            FROM taken t
            ON CONFLICT (schedule_id, due_at) WHERE asked_by IS NULL DO NOTHING
            RETURNING run_id)
        SELECT count(*) FROM started
        """;

    /// <summary>What is due now, the longest first; those that are many come in several looks.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<DueSchedule>> DueAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<DueSchedule>(
            new CommandDefinition(DueSql, new { DueMax }, cancellationToken: cancellation)
        );
        return rows.AsList();
    }

    /// <returns>Whether this call has made the run.</returns>
    /// <exception cref="NpgsqlException">The database is away; asking again is safe.</exception>
    /// <exception cref="TimeZoneNotFoundException">This machine does not know the time zone.</exception>
    /// <exception cref="FormatException">Cron expressions are read otherwise by now.</exception>
    public async Task<bool> StartAsync(DueSchedule due, CancellationToken cancellation)
    {
        var last = times.LastUntil(due.Cron, due.TimeZone, due.Now);
        var at = last > due.NextAt ? last.Value : due.NextAt;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(due.TimeZone);
        var (from, before) = new ReportPeriod(due.Span, due.Days).At(at, zone);
        var parameters = new
        {
            due.ScheduleId,
            due.NextAt,
            due.Revision,
            Then = times.NextAfter(due.Cron, due.TimeZone, due.Now),
            KeptMax,
            DueAt = at,
            FromAt = from,
            BeforeAt = before,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<long>(
                new CommandDefinition(StartSql, parameters, cancellationToken: cancellation)
            ) > 0;
    }
}

/// <summary>A schedule whose time has come.</summary>
public sealed record DueSchedule
{
    /// <summary>Its number.</summary>
    public long ScheduleId { get; init; }

    /// <summary>When it is due.</summary>
    public string Cron { get; init; } = "";

    /// <summary>Of cron and period.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>Which time it is of.</summary>
    public ReportSpan Span { get; init; }

    /// <summary>Of <see cref="ReportSpan.LastDays"/>.</summary>
    public int? Days { get; init; }

    /// <summary>The time that has come, UTC.</summary>
    public DateTime NextAt { get; init; }

    /// <summary>As it was read.</summary>
    public long Revision { get; init; }

    /// <summary>By the database's clock, UTC.</summary>
    public DateTime Now { get; init; }
}
