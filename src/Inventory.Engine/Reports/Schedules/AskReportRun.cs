using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reports.Schedules;

/// <summary>Has a schedule's report sent now, once a request id.</summary>
public sealed class AskReportRun(Cell cell, ListReportSchedules schedules)
{
    // The outcomes' numbers are AskReportRunOutcome's. A schedule that is edited between the read of its period and
    // this statement is run for the period that it had.
    private const string Sql = """
        -- reports.ask_run
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, (r.answer ->> 'run_id')::bigint AS run_id FROM request r WHERE r.request_key = @Key),
        wanted AS MATERIALIZED (
            SELECT s.schedule_id, s.report FROM report_schedule s WHERE s.schedule_id = @ScheduleId AND s.deleted_at IS NULL),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN s.fingerprint = @Fingerprint THEN 2
                    WHEN s.fingerprint IS NOT NULL THEN 3
                    WHEN w.schedule_id IS NULL THEN 4
                    ELSE 1
                END AS outcome, s.run_id
            FROM (SELECT) AS always LEFT JOIN seen s ON true LEFT JOIN wanted w ON true),
        asked AS (
            INSERT INTO report_run (schedule_id, due_at, asked_by, report, from_at, before_at, created_at, try_at)
            SELECT w.schedule_id, @DueAt::timestamptz, @Caller, w.report, @FromAt::timestamptz, @BeforeAt::timestamptz, c.now, c.now
            FROM wanted w, judged j, clock c WHERE j.outcome = 1
            RETURNING run_id, schedule_id, state, due_at, asked_by, report, from_at, before_at, attempts, created_at, try_at, attempted_at,
                status, error, row_count, byte_count),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT a.created_at, 'RunReportSchedule', 'rpr_' || a.run_id, @Key, @Caller, @Origin::int, @Trace::uuid FROM asked a),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, a.created_at, 132, jsonb_build_object('run_id', a.run_id) FROM asked a),
        shown AS (
            SELECT run_id, schedule_id, state, due_at, asked_by, report, from_at, before_at, attempts, created_at, try_at, attempted_at,
                status, error, row_count, byte_count
            FROM asked
            UNION ALL
            SELECT r.run_id, r.schedule_id, r.state, r.due_at, r.asked_by, r.report, r.from_at, r.before_at, r.attempts, r.created_at, r.try_at,
                r.attempted_at, r.status, r.error, r.row_count, r.byte_count
            FROM judged j JOIN report_run r ON r.run_id = j.run_id WHERE j.outcome = 2)
        SELECT j.outcome, s.run_id, s.schedule_id, s.state::int AS state, s.due_at, s.asked_by, s.report::int AS report, s.from_at,
            s.before_at, s.attempts, s.created_at, s.try_at, s.attempted_at, s.status, s.error, s.row_count, s.byte_count
        FROM judged j LEFT JOIN shown s ON true
        """;

    /// <param name="scheduleId">Whose.</param>
    /// <param name="requestId">1 to 64 printable characters.</param>
    /// <param name="caller">Who asks; with the request id its identity.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<AskReportRunAnswer> ExecuteAsync(
        long scheduleId,
        string requestId,
        Actor caller,
        CancellationToken cancellation
    )
    {
        var now = await ReportTerms.NowAsync(cell, cancellation);
        var plan = (await schedules.ExecuteAsync(scheduleId, cancellation)).SingleOrDefault()?.Plan;
        var (from, before) = plan is null
            ? (now, now)
            : plan.Period.At(now, TimeZoneInfo.FindSystemTimeZoneById(plan.TimeZone));
        var parameters = new
        {
            Key = RequestKey.Id(caller, requestId),
            Fingerprint = Fingerprint(scheduleId),
            // One that was made since it was looked for is asked for again.
            ScheduleId = plan is null ? 0 : scheduleId,
            DueAt = now,
            FromAt = from,
            BeforeAt = before,
            Caller = caller.Name,
            caller.Origin,
            caller.Trace,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var (outcome, run) = await RacedInsert.RunAsync(cell, c => RunAsync(c, command), cancellation);
        return new((AskReportRunOutcome)outcome, run);
    }

    private static async Task<(int Outcome, ReportRun? Run)> RunAsync(
        NpgsqlConnection connection,
        CommandDefinition command
    ) =>
        (
            await connection.QueryAsync<int, ReportRun?, (int, ReportRun?)>(
                command,
                (outcome, run) => (outcome, run),
                splitOn: "run_id"
            )
        ).Single();

    private static long Fingerprint(long scheduleId)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.RunReportSchedule);
        content.Number(scheduleId);
        return content.ToFingerprint();
    }
}

/// <summary>
/// What became of it. Declared in the order they are checked. Append only; a number is never used again.
/// </summary>
public enum AskReportRunOutcome
{
    /// <summary>It is queued.</summary>
    Queued = 1,

    /// <summary>The same request was made before under this request id, and had its effect then.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such schedule.</summary>
    ScheduleUnknown = 4,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Run">
/// With <see cref="AskReportRunOutcome.Queued"/>, and with <see cref="AskReportRunOutcome.Replayed"/> as it is now.
/// </param>
public sealed record AskReportRunAnswer(AskReportRunOutcome Outcome, ReportRun? Run);
