using Dapper;
using Inventory.Engine.Reports;
using Inventory.Engine.Reports.Schedules;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reports;

/// <summary>
/// Runs of due times, claimed by many at once. Each test has the database for itself, one after the other.
/// </summary>
[TestFixture]
[NonParallelizable]
public sealed class ReportRunTests : EngineFixture
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Every full hour.</summary>
    private static readonly CronTimes Hourly = new(
        (_, _, time) => time.Date.AddHours(time.Hour + 1),
        (_, _, time) => time.Date.AddHours(time.Hour)
    );

    private StartDueRuns Start => new(Database.Cell, Hourly);

    private ClaimReportRun Claim => new(Database.Cell);

    private NoteReportRun Note => new(Database.Cell);

    [Test]
    public async Task Of_many_that_see_a_due_time_one_makes_its_run()
    {
        var id = await Schedule();
        await Execute("UPDATE report_schedule SET next_at = clock_timestamp() WHERE schedule_id = @id", new { id });
        var seen = (await Start.DueAsync(default)).Single(d => d.ScheduleId == id);

        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Start.StartAsync(seen, default)));

        Assert.That(made.Count(m => m), Is.EqualTo(1));
        Assert.That(await Count("SELECT count(*) FROM report_run WHERE schedule_id = @id", new { id }), Is.EqualTo(1));
        Assert.That((await Start.DueAsync(default)).Select(d => d.ScheduleId), Has.None.EqualTo(id));
    }

    [Test]
    public async Task What_is_due_by_an_expression_that_was_edited_since_is_not_run()
    {
        var id = await Schedule();
        await Execute("UPDATE report_schedule SET next_at = clock_timestamp() WHERE schedule_id = @id", new { id });
        var seen = (await Start.DueAsync(default)).Single(d => d.ScheduleId == id);
        await Execute("UPDATE report_schedule SET revision = revision + 1 WHERE schedule_id = @id", new { id });

        Assert.That(await Start.StartAsync(seen, default), Is.False);
    }

    [Test]
    public async Task A_clock_that_was_put_back_runs_no_time_twice()
    {
        var id = await Schedule();
        await Execute("UPDATE report_schedule SET next_at = clock_timestamp() WHERE schedule_id = @id", new { id });
        var seen = (await Start.DueAsync(default)).Single(d => d.ScheduleId == id);
        await Start.StartAsync(seen, default);
        await Execute("UPDATE report_schedule SET next_at = @NextAt WHERE schedule_id = @id", new { id, seen.NextAt });

        Assert.That(await Start.StartAsync(seen, default), Is.False);
        Assert.That(await Count("SELECT count(*) FROM report_run WHERE schedule_id = @id", new { id }), Is.EqualTo(1));
    }

    [Test]
    public async Task A_run_has_one_sender_until_its_lease_lapses_and_who_has_lost_it_notes_nothing()
    {
        var run = await Run(await Schedule());
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Claim.ExecuteAsync(first, Lease, default)));
        var held = claims.Single(c => c?.Run.RunId == run)!;
        var meanwhile = await Claim.ExecuteAsync(second, Lease, default);
        await Execute("UPDATE report_run SET leased_until = clock_timestamp() WHERE run_id = @run", new { run });
        var taken = await Claim.ExecuteAsync(second, Lease, default);
        var late = await Note.ExecuteAsync(first, held.Run, Sent, default);
        var renewed = await Claim.RenewAsync(first, held.Run, Lease, default);
        var noted = await Note.ExecuteAsync(second, taken!.Run, Sent, default);

        Assert.That(meanwhile, Is.Null);
        Assert.That((taken.Run.RunId, taken.Run.Attempts), Is.EqualTo((run, 2)));
        Assert.That((late, renewed, noted), Is.EqualTo((false, false, true)));
    }

    [Test]
    public async Task One_that_is_given_back_is_as_if_it_had_not_been_tried()
    {
        var run = await Run(await Schedule());
        var claimed = await Claim.ExecuteAsync(Guid.NewGuid(), Lease, default);
        Assert.That(claimed?.Run.RunId, Is.EqualTo(run));
        var node = Guid.NewGuid();

        await Execute("UPDATE report_run SET leased_by = @node WHERE run_id = @run", new { run, node });
        await Claim.ReleaseAsync(node, claimed!.Run, default);
        var again = await Claim.ExecuteAsync(node, Lease, default);

        Assert.That((again?.Run.RunId, again?.Run.Attempts), Is.EqualTo((run, 1)));
        await Note.ExecuteAsync(node, again!.Run, Sent, default);
    }

    [Test]
    public async Task A_run_that_was_made_while_its_schedule_was_deleted_is_cancelled()
    {
        var id = await Schedule();
        var run = await Run(id);
        await Execute("UPDATE report_schedule SET deleted_at = clock_timestamp() WHERE schedule_id = @id", new { id });

        var claimed = await Claim.ExecuteAsync(Guid.NewGuid(), Lease, default);

        Assert.That((claimed?.Run.RunId, claimed?.Run.State), Is.EqualTo((run, ReportRunState.Cancelled)));
        Assert.That(await Claim.ExecuteAsync(Guid.NewGuid(), Lease, default), Is.Null);
    }

    [Test]
    public async Task Of_a_schedules_runs_the_last_thousand_are_kept_and_those_that_are_pending()
    {
        var id = await Schedule();
        await Execute(
            """
            INSERT INTO report_run (schedule_id, state, due_at, report, from_at, before_at, created_at, try_at)
            SELECT @id, CASE WHEN n = 1 THEN 1 ELSE 2 END, clock_timestamp() - n * interval '1 day', 1, clock_timestamp(),
                clock_timestamp(), clock_timestamp(), clock_timestamp() + interval '1 hour'
            FROM generate_series(1, 1200) n
            """,
            new { id }
        );
        await Execute("UPDATE report_schedule SET next_at = clock_timestamp() WHERE schedule_id = @id", new { id });
        var seen = (await Start.DueAsync(default)).Single(d => d.ScheduleId == id);

        await Start.StartAsync(seen, default);

        // Beside them the run that is made now.
        var kept = await Count("SELECT count(*) FROM report_run WHERE schedule_id = @id", new { id });
        Assert.That(kept, Is.EqualTo(StartDueRuns.KeptMax + 2));
        await Execute("DELETE FROM report_run WHERE schedule_id = @id", new { id });
    }

    private static ReportAttempt Sent => new() { State = ReportRunState.Sent };

    private async Task<long> Schedule()
    {
        var create = new CreateReportSchedule(Database.Cell, Node.Directory, Hourly);
        var answer = await create.ExecuteAsync(
            new()
            {
                Caller = Some.Caller,
                RequestId = Some.RequestId(),
                Plan = new()
                {
                    Name = "Levels",
                    Report = ReportKind.StockLevels,
                    Warehouses = [],
                    Category = null,
                    Limit = null,
                    Period = new(ReportSpan.PreviousDay, null),
                    Cron = "every hour",
                    TimeZone = "UTC",
                    Destination = new("https://reports.invalid/", null),
                    Paused = false,
                },
                Secret = "",
            },
            default
        );
        return answer.Schedule!.ScheduleId;
    }

    private async Task<long> Run(long scheduleId)
    {
        // What other tests have left is nobody's to claim.
        await Execute("UPDATE report_run SET state = 4 WHERE state = 1", new { });
        var ask = new AskReportRun(Database.Cell, new ListReportSchedules(Database.Cell));
        return (await ask.ExecuteAsync(scheduleId, Some.RequestId(), Some.Caller, default)).Run!.RunId;
    }

    private async Task Execute(string sql, object parameters)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    private async Task<long> Count(string sql, object parameters)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>(sql, parameters);
    }
}
