using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reports.Schedules;

/// <summary>Lists the schedules; there are at most <see cref="CreateReportSchedule.SchedulesMax"/>.</summary>
public sealed class ListReportSchedules(Cell cell)
{
    private const string Sql = """
        -- reports.list_schedules
        SELECT s.schedule_id, s.name, s.report::int AS report, s.warehouses, s.category, s.row_limit, s.span::int AS span, s.days, s.cron,
            s.time_zone, s.webhook_url, s.mail_to, s.paused, s.next_at, s.revision, s.created_at, s.created_by, s.updated_at, s.updated_by
        FROM report_schedule s WHERE s.deleted_at IS NULL AND (@ScheduleId::bigint IS NULL OR s.schedule_id = @ScheduleId::bigint)
        ORDER BY s.schedule_id
        """;

    /// <param name="scheduleId">Only this one; null: all.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>In the order in which they were made, without their secrets.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<ReportSchedule>> ExecuteAsync(long? scheduleId, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<ReportScheduleRow>(
            new CommandDefinition(Sql, new { ScheduleId = scheduleId }, cancellationToken: cancellation)
        );
        return [.. rows.Select(r => r.ToSchedule())];
    }
}
