using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reports.Schedules;

/// <summary>
/// Edits a schedule, once a request id. When it is due next is reckoned outside of the statement, from what was read
/// before: the statement takes it only if nobody has edited the schedule since.
/// </summary>
public sealed class UpdateReportSchedule(Cell cell, StockDirectory directory, CronTimes times)
{
    private const int AttemptsMax = 5;

    private const string ReadSql = """
        -- reports.read_schedule
        SELECT s.schedule_id, s.name, s.report::int AS report, s.warehouses, s.category, s.row_limit, s.span::int AS span, s.days, s.cron,
            s.time_zone, s.webhook_url, s.mail_to, s.secret, s.paused, s.next_at, s.revision, s.created_at, s.created_by, s.updated_at,
            s.updated_by
        FROM report_schedule s WHERE s.schedule_id = @ScheduleId AND s.deleted_at IS NULL
        """;

    // The outcomes' numbers are ReportScheduleOutcome's; 0: somebody has edited it since it was read. A due time that
    // another node takes meanwhile is no edit, so what the edit does not concern stays as it is then.
    private const string Sql = """
        -- reports.update_schedule
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, (r.answer ->> 'schedule_id')::bigint AS schedule_id FROM request r WHERE r.request_key = @Key),
        wanted AS MATERIALIZED (
            SELECT s.schedule_id, s.revision FROM report_schedule s WHERE s.schedule_id = @ScheduleId AND s.deleted_at IS NULL
            FOR NO KEY UPDATE),
        judged AS MATERIALIZED (
            SELECT
                CASE
                    WHEN s.fingerprint = @Fingerprint THEN 2
                    WHEN s.fingerprint IS NOT NULL THEN 3
                    WHEN w.schedule_id IS NULL THEN 4
                    WHEN @Expected::bigint <> w.revision THEN 5
                    WHEN w.revision IS DISTINCT FROM @Read::bigint THEN 0
                    WHEN NOT @Known::boolean THEN 6
                    WHEN @Never::boolean THEN 7
                    ELSE 1
                END AS outcome, s.schedule_id, coalesce(w.revision, 0) AS revision
            FROM (SELECT) AS always LEFT JOIN seen s ON true LEFT JOIN wanted w ON true),
        edited AS (
            UPDATE report_schedule s SET name = @Name, report = @Report::smallint, warehouses = @Warehouses::text[], category = @Category::text,
                row_limit = @Limit::int, span = @Span::smallint, days = @Days::int, cron = @Cron, time_zone = @TimeZone,
                webhook_url = @WebhookUrl::text, mail_to = @MailTo::text[],
                secret = CASE WHEN @SetsSecret::boolean THEN @Secret ELSE s.secret END, paused = @Paused::boolean,
                next_at = CASE WHEN @SetsNext::boolean THEN @NextAt::timestamptz ELSE s.next_at END, revision = s.revision + 1,
                updated_at = c.now, updated_by = @Caller
            FROM judged j, clock c WHERE j.outcome = 1 AND s.schedule_id = @ScheduleId
            RETURNING s.schedule_id, s.name, s.report, s.warehouses, s.category, s.row_limit, s.span, s.days, s.cron, s.time_zone,
                s.webhook_url, s.mail_to, s.secret, s.paused, s.next_at, s.revision, s.created_at, s.created_by, s.updated_at, s.updated_by),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT e.updated_at, 'UpdateReportSchedule', 'rps_' || e.schedule_id, @Key, @Caller, @Origin::int, @Trace::uuid FROM edited e),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, e.updated_at, 131, jsonb_build_object('schedule_id', e.schedule_id) FROM edited e),
        shown AS (
            SELECT schedule_id, name, report, warehouses, category, row_limit, span, days, cron, time_zone, webhook_url, mail_to, secret,
                paused, next_at, revision, created_at, created_by, updated_at, updated_by
            FROM edited
            UNION ALL
            SELECT r.schedule_id, r.name, r.report, r.warehouses, r.category, r.row_limit, r.span, r.days, r.cron, r.time_zone,
                r.webhook_url, r.mail_to, r.secret, r.paused, r.next_at, r.revision, r.created_at, r.created_by, r.updated_at, r.updated_by
            FROM judged j JOIN report_schedule r ON r.schedule_id = j.schedule_id WHERE j.outcome = 2)
        SELECT j.outcome, s.schedule_id, s.name, s.report::int AS report, s.warehouses, s.category, s.row_limit, s.span::int AS span, s.days,
            s.cron, s.time_zone, s.webhook_url, s.mail_to, s.secret, s.paused, s.next_at, coalesce(s.revision, j.revision) AS revision,
            s.created_at, s.created_by, s.updated_at, s.updated_by
        FROM judged j LEFT JOIN shown s ON true
        """;

    /// <summary>Edits it.</summary>
    /// <param name="edit">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Ends the wait; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    /// <exception cref="TimeoutException">Others edited it again and again.</exception>
    public async Task<ReportScheduleAnswer> ExecuteAsync(ReportScheduleEdit edit, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var now = await ReportTerms.NowAsync(cell, cancellation);
            var read = await ReadAsync(edit.ScheduleId, cancellation);
            var plan = read is null ? null : edit.Apply(read.Plan);
            var unknown = await ReportTerms.UnknownAsync(directory, plan?.Warehouses ?? [], cancellation);
            var command = new CommandDefinition(
                Sql,
                Parameters(edit, read, plan, now, unknown.Count == 0),
                cancellationToken: cancellation
            );
            var row = await RacedInsert.RunAsync(
                cell,
                c => c.QuerySingleAsync<ReportScheduleRow>(command),
                cancellation
            );
            if (row.Outcome != 0)
            {
                return new(
                    (ReportScheduleOutcome)row.Outcome,
                    row.ScheduleId is null ? null : row.ToSchedule(),
                    row.Revision,
                    unknown
                );
            }
        }

        throw new TimeoutException("The schedule was edited by others again and again.");
    }

    private object Parameters(ReportScheduleEdit edit, ReportSchedule? read, ReportPlan? plan, DateTime now, bool known)
    {
        var next = plan is null ? null : times.NextAfter(plan.Cron, plan.TimeZone, now);
        return new
        {
            Key = RequestKey.Id(edit.Caller, edit.RequestId),
            Fingerprint = edit.Fingerprint(),
            edit.ScheduleId,
            Expected = edit.ExpectedRevision,
            Read = read?.Revision,
            Known = known,
            Never = next is null,
            plan?.Name,
            Report = (short?)plan?.Report,
            Warehouses = plan?.Warehouses.ToArray(),
            plan?.Category,
            plan?.Limit,
            Span = (short?)plan?.Period.Span,
            plan?.Period.Days,
            plan?.Cron,
            plan?.TimeZone,
            plan?.Destination.WebhookUrl,
            MailTo = plan?.Destination.MailTo?.ToArray(),
            SetsSecret = edit.Destination is not null,
            edit.Secret,
            plan?.Paused,
            SetsNext = (plan?.Cron, plan?.TimeZone, plan?.Paused)
                != (read?.Plan.Cron, read?.Plan.TimeZone, read?.Plan.Paused),
            NextAt = plan is { Paused: false } ? next : null,
            Caller = edit.Caller.Name,
            edit.Caller.Origin,
            edit.Caller.Trace,
        };
    }

    private async Task<ReportSchedule?> ReadAsync(long scheduleId, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(ReadSql, new { ScheduleId = scheduleId }, cancellationToken: cancellation);
        return (await connection.QuerySingleOrDefaultAsync<ReportScheduleRow>(command))?.ToSchedule();
    }
}
