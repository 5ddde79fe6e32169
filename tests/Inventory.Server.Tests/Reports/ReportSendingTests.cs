using System.Text;
using Dapper;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Inventory.Server.Tests.Reports;

/// <summary>What is due is posted, once; and what becomes of receivers that are not well.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ReportSendingTests : ReportScheduleFixture
{
    [Test]
    public async Task What_is_due_is_posted_signed_and_is_what_RunReport_says()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 7, warehouse: place, sku: $"=1+{place}");
        var made = await Schedule(receiver, place);

        await Due(made);
        var run = await Until(made, ReportRunState.Sent, hurry: false);

        var request = receiver.Requests.Single();
        var rows = await Rows(run, place);
        Assert.That(request.Id, Is.EqualTo(run.RunId));
        Assert.That(request.IsSignedBy(made.Secret), Is.True);
        Assert.That(request.ContentType, Is.EqualTo("text/csv; charset=utf-8; header=present"));
        Assert.That(request.Body, Is.EqualTo(await Exported(run, place)));
        Assert.That((rows.Count, rows[0][0]), Is.EqualTo((1, sku)));
        Assert.That(
            Encoding.UTF8.GetString(request.Body).Split("\r\n")[1],
            Does.StartWith($"\"'{sku}\",").And.EndsWith(string.Join(',', rows[0].Skip(3)))
        );
        Assert.That(rows[0][^1], Is.EqualTo("7"));
        Assert.That((run.RowCount, run.ByteCount), Is.EqualTo((1, request.Body.Length)));
        Assert.That((run.Attempts, run.LastStatus, run.LastError, run.Requester), Is.EqualTo((1, 200, "", "")));
        Assert.That((run.EndTime - run.StartTime).ToTimeSpan(), Is.EqualTo(TimeSpan.FromDays(7)));
        Assert.That(run.EndTime, Is.EqualTo(run.DueTime));
    }

    [Test]
    public async Task Of_many_times_that_nobody_was_there_for_the_last_is_made_up_for()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var made = await Schedule(receiver);
        var next = made.Schedule.NextTimes[0];

        await Due(made, ago: TimeSpan.FromDays(10));
        await Until(made, ReportRunState.Sent);

        var run = (await Runs(made)).Single();
        Assert.That(run.DueTime.ToDateTime(), Is.EqualTo(next.ToDateTime().AddDays(-1)));
        var now = await Reports.GetReportScheduleAsync(new() { ScheduleId = made.Schedule.ScheduleId });
        Assert.That(now.Schedule.NextTimes[0], Is.EqualTo(next));
    }

    [Test]
    public async Task Two_nodes_run_each_due_time_once()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var other = await HostedServer.StartAsync(Database.ConnectionString, Settings);
        var made = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Schedule(receiver)));

        await Task.WhenAll(made.Select(m => Due(m)));
        foreach (var each in made)
        {
            await Until(each, ReportRunState.Sent, hurry: false);
        }

        var runs = (await Task.WhenAll(made.Select(m => Runs(m)))).SelectMany(r => r).Select(r => r.RunId).ToList();
        Assert.That(runs, Has.Count.EqualTo(made.Length));
        Assert.That(receiver.Requests.Select(r => r.Id), Is.EquivalentTo(runs));
    }

    [Test]
    public async Task A_receiver_that_was_down_gets_it_later_under_the_same_id()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var well = receiver.Answer;
        receiver.Answer = Answers(503);
        var made = await Schedule(receiver);

        await Due(made);
        var failed = await Failed(made);
        receiver.Answer = well;
        var sent = await Until(made, ReportRunState.Sent);

        Assert.That(
            (failed.State, failed.Attempts, failed.LastStatus, failed.LastError),
            Is.EqualTo((ReportRunState.Pending, 1, 503, "the answer was 503"))
        );
        Assert.That(failed.NextAttemptTime, Is.GreaterThan(failed.AttemptTime));
        Assert.That((sent.RunId, sent.Attempts, sent.LastError), Is.EqualTo((failed.RunId, 2, "")));
        Assert.That(receiver.Requests.Select(r => r.Id), Is.EqualTo([sent.RunId, sent.RunId]));
        Assert.That(receiver.Requests.First().Body, Is.EqualTo(receiver.Requests.Last().Body));
    }

    [Test]
    public async Task Until_its_pause_is_over_it_is_not_tried_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = Answers(500);
        var made = await Schedule(receiver);
        await Due(made);
        await Failed(made);

        // The next look, and the one after it, find another's.
        await using var well = await WebhookReceiver.StartAsync();
        for (var i = 0; i < 2; i++)
        {
            var other = await Schedule(well);
            await Due(other);
            await Until(other, ReportRunState.Sent);
        }

        Assert.That(receiver.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task One_that_fails_to_the_end_is_dead_and_an_operator_sees_it()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = Answers(500);
        var made = await Schedule(receiver);

        await Due(made);
        var dead = await Until(made, ReportRunState.Dead);

        Assert.That((dead.Attempts, dead.LastStatus), Is.EqualTo((AttemptsMax, 500)));
        Assert.That(dead.NextAttemptTime, Is.Null);
        Assert.That(receiver.Requests, Has.Count.EqualTo(AttemptsMax));
        var told = Server.Log.Entries.Single(e =>
            e.Text.Contains($"{dead.RunId} of", StringComparison.Ordinal) && e.Level == LogLevel.Warning
        );
        Assert.That(told.Text, Does.Contain("is dead after 3 attempts: the answer was 500"));
        var metrics = await Server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.That(metrics, Does.Match("""inventory_report_attempts_total\{outcome="dead"\} [1-9]"""));
    }

    [Test]
    public async Task A_file_that_is_too_large_is_not_sent()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var place = await Given.Warehouse();
        await using (var connection = await Database.Tables.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(
                """
                WITH made AS (
                    INSERT INTO item (sku, name, category)
                    SELECT 'LARGE-' || n, repeat('n', 200), repeat('c', 200) FROM generate_series(1, 26000) n RETURNING item_id)
                INSERT INTO stock (item_id, warehouse_id, on_hand, version)
                SELECT m.item_id, w.warehouse_id, 1, 1 FROM made m, warehouse w WHERE w.code = @place
                """,
                new { place }
            );
        }

        var made = await Schedule(receiver, place);
        await Due(made);
        var dead = await Until(made, ReportRunState.Dead, hurry: false);

        Assert.That(dead.LastError, Does.Contain("more than 10485760 bytes"));
        Assert.That(dead.Attempts, Is.EqualTo(1));
        Assert.That(receiver.Requests, Is.Empty);
    }

    [Test]
    public async Task What_is_edited_is_sent_as_it_is_by_then_and_what_is_deleted_is_cancelled()
    {
        await using var sick = await WebhookReceiver.StartAsync();
        await using var well = await WebhookReceiver.StartAsync();
        sick.Answer = Answers(410);
        var (edited, deleted) = (await Schedule(sick), await Schedule(sick));
        await Due(edited);
        await Due(deleted);
        var failed = await Failed(edited);
        await Failed(deleted);

        var edit = await Reports.UpdateReportScheduleAsync(
            new() { ScheduleId = edited.Schedule.ScheduleId, Destination = To(well) }
        );
        await Reports.DeleteReportScheduleAsync(new() { ScheduleId = deleted.Schedule.ScheduleId });
        var sent = await Until(edited, ReportRunState.Sent);
        var cancelled = await Until(deleted, ReportRunState.Cancelled);

        Assert.That(sent.RunId, Is.EqualTo(failed.RunId));
        Assert.That(well.Requests.Single().IsSignedBy(edit.Secret), Is.True);
        Assert.That(well.Requests.Single().IsSignedBy(edited.Secret), Is.False);
        Assert.That(cancelled.NextAttemptTime, Is.Null);
        Assert.That(sick.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task It_is_sent_now_when_somebody_asks_once_a_request_also_while_it_is_paused()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var asked = Plan(To(receiver), await Given.Warehouse());
        asked.Paused = true;
        var made = await Reports.CreateReportScheduleAsync(asked);
        var now = new RunReportScheduleRequest { RequestId = Some.RequestId(), ScheduleId = made.Schedule.ScheduleId };

        var queued = await Reports.RunReportScheduleAsync(now);
        var again = await Reports.RunReportScheduleAsync(now);
        var sent = await Until(made, ReportRunState.Sent, hurry: false);
        var page = await Reports.ListReportRunsAsync(new() { PageSize = 1 });
        var other = await Refused(
            Reports.ListReportRunsAsync(
                new() { PageToken = page.NextPageToken.Length > 0 ? page.NextPageToken : "x", ScheduleId = "rps_1" }
            )
        );

        Assert.That((queued.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That(again.Run.RunId, Is.EqualTo(queued.Run.RunId));
        Assert.That((sent.RunId, sent.Requester), Is.EqualTo((queued.Run.RunId, "dev")));
        Assert.That(receiver.Requests.Select(r => r.Id), Is.EqualTo([sent.RunId]));
        Assert.That(made.Schedule.NextTimes, Is.Empty);
        Assert.That(page.Runs, Has.Count.EqualTo(1));
        Assert.That(other.Fields.Select(f => f.Field), Is.EqualTo(["page_token"]));
    }

    private async Task<List<IReadOnlyList<string>>> Rows(ReportRun run, string warehouse)
    {
        using var call = Reports.RunReport(
            new()
            {
                Report = ReportKind.Movements,
                Warehouses = { warehouse },
                StartTime = run.StartTime,
                EndTime = run.EndTime,
            }
        );
        var rows = new List<IReadOnlyList<string>>();
        await foreach (var part in call.ResponseStream.ReadAllAsync())
        {
            rows.AddRange(part.Rows?.Rows.Select(r => r.Cells) ?? []);
        }

        return rows;
    }
}
