using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reports.Schedules;

/// <summary>
/// Makes one node the sender of a run whose time has come, until its lease lapses: then another may send it again,
/// under the same run id. An attempt counts when it begins, so that one which ends its server is not made for ever.
/// </summary>
public sealed class ClaimReportRun(Cell cell)
{
    // A run that was made while its schedule was being deleted is cancelled here.
    private const string Sql = """
        -- reports.claim_run
        WITH due AS MATERIALIZED (
            SELECT r.run_id FROM report_run r
            WHERE r.state = 1 AND r.try_at <= clock_timestamp() AND (r.leased_until IS NULL OR r.leased_until < clock_timestamp())
            ORDER BY r.try_at, r.run_id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
        UPDATE report_run r
        SET state = CASE WHEN s.deleted_at IS NULL THEN 1 ELSE 4 END, leased_by = @Node,
            leased_until = clock_timestamp() + make_interval(secs => @Seconds::double precision), attempts = r.attempts + 1,
            attempted_at = clock_timestamp(), report = s.report
        FROM due d, report_schedule s WHERE r.run_id = d.run_id AND s.schedule_id = r.schedule_id
        RETURNING r.run_id, r.schedule_id, r.state::int AS state, r.due_at, r.asked_by, r.report::int AS report, r.from_at, r.before_at,
            r.attempts, r.created_at, r.try_at, r.attempted_at, r.status, r.error, r.row_count, r.byte_count,
            s.name, s.schedule_id, s.report::int AS report, s.warehouses, s.category, s.row_limit, s.span::int AS span, s.days, s.cron,
            s.time_zone, s.webhook_url, s.mail_to, s.secret, s.paused, s.next_at, s.revision, s.created_at, s.created_by, s.updated_at,
            s.updated_by
        """;

    private const string RenewSql = """
        -- reports.renew_run
        UPDATE report_run r SET leased_until = clock_timestamp() + make_interval(secs => @Seconds::double precision)
        WHERE r.run_id = @RunId AND r.state = 1 AND r.leased_by = @Node AND r.attempts = @Attempts
        """;

    private const string ReleaseSql = """
        -- reports.release_run
        UPDATE report_run r SET leased_by = NULL, leased_until = NULL, attempts = r.attempts - 1
        WHERE r.run_id = @RunId AND r.state = 1 AND r.leased_by = @Node AND r.attempts = @Attempts
        """;

    /// <param name="node">The sender.</param>
    /// <param name="length">How long the lease holds if it is not renewed.</param>
    /// <param name="cancellation">Ends the wait; a lease that was taken all the same lapses by itself.</param>
    /// <returns>The run, and its schedule as it is now; null: none is due.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ClaimedRun?> ExecuteAsync(Guid node, TimeSpan length, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(
            Sql,
            new { Node = node, Seconds = length.TotalSeconds },
            cancellationToken: cancellation
        );
        var claimed = await connection.QueryAsync<ReportRun, ReportScheduleRow, ClaimedRun>(
            command,
            (run, schedule) => new(run, schedule.ToSchedule()),
            splitOn: "name"
        );
        return claimed.SingleOrDefault();
    }

    /// <returns>False: another node sends it now, or its schedule was deleted.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<bool> RenewAsync(Guid node, ReportRun run, TimeSpan length, CancellationToken cancellation)
    {
        var parameters = new
        {
            Node = node,
            run.RunId,
            run.Attempts,
            Seconds = length.TotalSeconds,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(RenewSql, parameters, cancellationToken: cancellation);
        return await connection.ExecuteAsync(command) > 0;
    }

    /// <summary>Leaves it to others, as if it had not been tried.</summary>
    /// <exception cref="NpgsqlException">The database is away; the lease lapses.</exception>
    public async Task ReleaseAsync(Guid node, ReportRun run, CancellationToken cancellation)
    {
        var parameters = new
        {
            Node = node,
            run.RunId,
            run.Attempts,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(ReleaseSql, parameters, cancellationToken: cancellation));
    }
}

/// <summary>A run that is to be sent.</summary>
/// <param name="Run">The run, this attempt included.</param>
/// <param name="Schedule">As it is now.</param>
public sealed record ClaimedRun(ReportRun Run, ReportSchedule Schedule);
