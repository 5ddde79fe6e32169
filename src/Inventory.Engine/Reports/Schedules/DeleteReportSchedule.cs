using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reports.Schedules;

/// <summary>Ends a schedule for good, forgets its secret, and cancels its pending runs.</summary>
public sealed class DeleteReportSchedule(Cell cell)
{
    private const string Sql = """
        -- reports.delete_schedule
        WITH open AS MATERIALIZED (
            SELECT o.schedule_id FROM report_schedule o WHERE o.schedule_id = @ScheduleId AND o.deleted_at IS NULL FOR NO KEY UPDATE),
        ended AS (
            UPDATE report_schedule s SET deleted_at = clock_timestamp(), secret = '', next_at = NULL, revision = s.revision + 1
            FROM open o WHERE s.schedule_id = o.schedule_id),
        cancelled AS (
            UPDATE report_run r SET state = 4, leased_by = NULL, leased_until = NULL
            FROM open o WHERE r.schedule_id = o.schedule_id AND r.state = 1),
        audited AS (
            INSERT INTO mutation (at, operation, target, actor, origin, trace)
            SELECT clock_timestamp(), 'DeleteReportSchedule', 'rps_' || o.schedule_id, @Caller, @Origin::int, @Trace::uuid FROM open o)
        SELECT count(*) FROM report_schedule s WHERE s.schedule_id = @ScheduleId
        """;

    /// <summary>One that is ended already stays as it is, and is no error.</summary>
    /// <returns>Whether there is, or was, such a schedule.</returns>
    /// <exception cref="NpgsqlException">The database is away; asking again is safe.</exception>
    public async Task<bool> ExecuteAsync(long scheduleId, Actor caller, CancellationToken cancellation)
    {
        var parameters = new
        {
            ScheduleId = scheduleId,
            Caller = caller.Name,
            caller.Origin,
            caller.Trace,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<long>(
                new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
            ) > 0;
    }
}
