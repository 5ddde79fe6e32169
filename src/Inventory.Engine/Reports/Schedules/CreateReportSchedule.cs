using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reports.Schedules;

/// <summary>Makes a schedule, once a request id.</summary>
public sealed class CreateReportSchedule(Cell cell, StockDirectory directory, CronTimes times)
{
    /// <summary>The most schedules.</summary>
    public const int SchedulesMax = 100;

    // The outcomes' numbers are ReportScheduleOutcome's. The secret is not in the stored answer: the same request is
    // told what the schedule has. Of two that come at once to the last place both may get one.
    private const string Sql = """
        -- reports.create_schedule
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, (r.answer ->> 'schedule_id')::bigint AS schedule_id FROM request r WHERE r.request_key = @Key),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN s.fingerprint = @Fingerprint THEN 2
                    WHEN s.fingerprint IS NOT NULL THEN 3
                    WHEN NOT @Known::boolean THEN 6
                    WHEN @Never::boolean THEN 7
                    WHEN (SELECT count(*) FROM report_schedule r WHERE r.deleted_at IS NULL) >= @Max::int THEN 8
                    ELSE 1
                END AS outcome, s.schedule_id
            FROM (SELECT) AS always LEFT JOIN seen s ON true),
        created AS (
            INSERT INTO report_schedule (name, report, warehouses, category, row_limit, span, days, cron, time_zone, webhook_url, mail_to,
                secret, paused, next_at, created_at, created_by, updated_at, updated_by)
            SELECT @Name, @Report::smallint, @Warehouses::text[], @Category::text, @Limit::int, @Span::smallint, @Days::int, @Cron, @TimeZone,
                @WebhookUrl::text, @MailTo::text[], @Secret, @Paused::boolean, @NextAt::timestamptz, c.now, @Caller, c.now, @Caller
            FROM clock c, judged j WHERE j.outcome = 1
            RETURNING schedule_id, name, report, warehouses, category, row_limit, span, days, cron, time_zone, webhook_url, mail_to, secret,
                paused, next_at, revision, created_at, created_by, updated_at, updated_by),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT c.created_at, 'CreateReportSchedule', 'rps_' || c.schedule_id, @Key, @Caller, @Origin::int, @Trace::uuid FROM created c),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, c.created_at, 130, jsonb_build_object('schedule_id', c.schedule_id) FROM created c),
        shown AS (
            SELECT schedule_id, name, report, warehouses, category, row_limit, span, days, cron, time_zone, webhook_url, mail_to, secret,
                paused, next_at, revision, created_at, created_by, updated_at, updated_by
            FROM created
            UNION ALL
            SELECT r.schedule_id, r.name, r.report, r.warehouses, r.category, r.row_limit, r.span, r.days, r.cron, r.time_zone,
                r.webhook_url, r.mail_to, r.secret, r.paused, r.next_at, r.revision, r.created_at, r.created_by, r.updated_at, r.updated_by
            FROM judged j JOIN report_schedule r ON r.schedule_id = j.schedule_id WHERE j.outcome = 2)
        SELECT j.outcome, s.schedule_id, s.name, s.report::int AS report, s.warehouses, s.category, s.row_limit, s.span::int AS span, s.days,
            s.cron, s.time_zone, s.webhook_url, s.mail_to, s.secret, s.paused, s.next_at, s.revision, s.created_at, s.created_by,
            s.updated_at, s.updated_by
        FROM judged j LEFT JOIN shown s ON true
        """;

    /// <summary>Makes it.</summary>
    /// <param name="asked">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<ReportScheduleAnswer> ExecuteAsync(NewReportSchedule asked, CancellationToken cancellation)
    {
        var plan = asked.Plan;
        var unknown = await ReportTerms.UnknownAsync(directory, plan.Warehouses, cancellation);
        var next = times.NextAfter(plan.Cron, plan.TimeZone, await ReportTerms.NowAsync(cell, cancellation));
        var parameters = new
        {
            Key = RequestKey.Id(asked.Caller, asked.RequestId),
            Fingerprint = asked.Fingerprint(),
            Known = unknown.Count == 0,
            Never = next is null,
            Max = SchedulesMax,
            plan.Name,
            Report = (short)plan.Report,
            Warehouses = plan.Warehouses.ToArray(),
            plan.Category,
            plan.Limit,
            Span = (short)plan.Period.Span,
            plan.Period.Days,
            plan.Cron,
            plan.TimeZone,
            plan.Destination.WebhookUrl,
            MailTo = plan.Destination.MailTo?.ToArray(),
            asked.Secret,
            plan.Paused,
            NextAt = plan.Paused ? null : next,
            Caller = asked.Caller.Name,
            asked.Caller.Origin,
            asked.Caller.Trace,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var row = await RacedInsert.RunAsync(cell, c => c.QuerySingleAsync<ReportScheduleRow>(command), cancellation);
        return new(
            (ReportScheduleOutcome)row.Outcome,
            row.ScheduleId is null ? null : row.ToSchedule(),
            row.Revision,
            unknown
        );
    }
}
