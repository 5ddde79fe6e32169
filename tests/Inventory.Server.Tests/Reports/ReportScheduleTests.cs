using Grpc.Core;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Reports;

/// <summary>
/// Schedules come, change and go; on a server that posts to public https only, and has no mail server.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ReportScheduleTests : ReportScheduleFixture
{
    private static readonly ReportDestination Somewhere = new() { WebhookUrl = "https://reports.example/in?key=1" };

    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(fresh.ConnectionString, (EventSettings.WebhookPrivate, "off"));

    [Test]
    public async Task A_schedule_says_when_it_is_due_next_and_its_secret_only_to_the_request_that_made_it()
    {
        var asked = Plan(Somewhere, await Given.Warehouse(), "0 30 6 ? * MON-FRI");
        asked.TimeZone = "Europe/Berlin";

        var made = await Reports.CreateReportScheduleAsync(asked);
        var again = await Reports.CreateReportScheduleAsync(asked);
        var read = await Reports.GetReportScheduleAsync(new() { ScheduleId = made.Schedule.ScheduleId });
        var listed = (await Reports.ListReportSchedulesAsync(new())).Schedules;
        asked.Limit = 1;
        var reused = await Refused(Reports.CreateReportScheduleAsync(asked));

        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var next = made.Schedule.NextTimes.Select(t => TimeZoneInfo.ConvertTimeFromUtc(t.ToDateTime(), berlin));
        Assert.That(next.Select(t => t.TimeOfDay), Is.EqualTo(Enumerable.Repeat(new TimeSpan(6, 30, 0), 5)));
        Assert.That(
            next.Select(t => t.DayOfWeek),
            Has.None.EqualTo(DayOfWeek.Saturday).And.None.EqualTo(DayOfWeek.Sunday)
        );
        Assert.That(next, Is.Ordered.And.Unique);
        Assert.That(made.Secret, Does.Match("^whsec_[A-Za-z0-9+/]{43}=$"));
        Assert.That((again.Secret, again.Replayed), Is.EqualTo((made.Secret, true)));
        Assert.That(again.Schedule, Is.EqualTo(made.Schedule));
        Assert.That(read.Schedule, Is.EqualTo(made.Schedule));
        Assert.That(listed, Has.One.EqualTo(made.Schedule));
        Assert.That(reused.Reason, Is.EqualTo("REQUEST_ID_REUSED"));
    }

    [Test]
    public async Task An_edit_sets_what_it_names_if_nobody_has_edited_since()
    {
        var made = await Reports.CreateReportScheduleAsync(Plan(Somewhere));
        var id = made.Schedule.ScheduleId;
        var edit = new UpdateReportScheduleRequest
        {
            RequestId = Some.RequestId(),
            ScheduleId = id,
            ExpectedVersion = 1,
            Paused = true,
            Limit = 9,
        };

        var edited = await Reports.UpdateReportScheduleAsync(edit);
        var replayed = await Reports.UpdateReportScheduleAsync(edit);
        var stale = await Refused(
            Reports.UpdateReportScheduleAsync(
                new()
                {
                    ScheduleId = id,
                    ExpectedVersion = 1,
                    Name = "Late",
                }
            )
        );
        var moved = await Reports.UpdateReportScheduleAsync(
            new()
            {
                ScheduleId = id,
                Paused = false,
                Destination = new() { WebhookUrl = "https://elsewhere.example/" },
            }
        );

        var expected = made.Schedule.Clone();
        (expected.Paused, expected.Limit, expected.Version) = (true, 9, 2);
        (expected.UpdateTime, expected.Updater) = (edited.Schedule.UpdateTime, "dev");
        expected.NextTimes.Clear();
        Assert.That(edited.Schedule, Is.EqualTo(expected));
        Assert.That((edited.Secret, edited.Replayed), Is.EqualTo(("", false)));
        Assert.That((replayed.Replayed, replayed.Schedule), Is.EqualTo((true, edited.Schedule)));
        Assert.That((stale.Code, stale.Reason), Is.EqualTo((StatusCode.Aborted, "VERSION_CONFLICT")));
        Assert.That(stale.Info.Metadata["current_version"], Is.EqualTo("2"));
        Assert.That(moved.Schedule.NextTimes, Is.EqualTo(made.Schedule.NextTimes));
        Assert.That(moved.Secret, Does.StartWith("whsec_").And.Not.EqualTo(made.Secret));
    }

    [Test]
    public async Task By_REST_it_is_the_same_with_versions_in_headers()
    {
        var made = await Post(
            "/v1/reports/schedules",
            """
            {"name": "By REST", "report": "REPORT_KIND_STOCK_LEVELS", "period": {"span": "REPORT_SPAN_PREVIOUS_DAY"},
             "cron": "0 0 6 * * ?", "destination": {"webhookUrl": "https://reports.example/"}}
            """
        );
        var path = $"/v1/reports/schedules/{made["schedule.scheduleId"]}";

        var edited = await Send("PATCH", path, """{"name": "Edited"}""", ("If-Match", "\"1\""));
        var stale = await Send("PATCH", path, """{"name": "Late"}""", ("If-Match", "\"1\""));
        var wrong = await Send("PATCH", path, """{"cron": "now and then", "timeZone": "Mars/Olympus"}""");
        var queued = await Post($"{path}:run", "{}", ("Idempotency-Key", Some.RequestId()));
        var runs = await Get($"/v1/reports/runs?schedule_id={made["schedule.scheduleId"]}");
        var deleted = await Send("DELETE", path);
        var gone = await Get(path);

        Assert.That((made.Status, edited.Status, stale.Status), Is.EqualTo((200, 200, 412)), made.Text);
        Assert.That(edited.Headers["ETag"], Is.EqualTo("\"2\""));
        Assert.That(edited["schedule.name"], Is.EqualTo("Edited"));
        Assert.That(wrong.Fields.Select(f => f.Field), Is.EqualTo(["cron", "time_zone"]));
        Assert.That((queued.Status, queued["run.requester"]), Is.EqualTo((200, "dev")), queued.Text);
        Assert.That(runs.Json.GetProperty("runs")[0].GetProperty("runId").ToString(), Is.EqualTo(queued["run.runId"]));
        Assert.That(deleted.Status, Is.EqualTo(200));
        Assert.That((gone.Status, gone.Reason), Is.EqualTo((404, "REPORT_SCHEDULE_UNKNOWN")));
    }

    [Test]
    public async Task One_that_is_deleted_is_gone_with_its_secret_and_may_be_deleted_again()
    {
        var asked = Plan(Somewhere);
        var made = await Reports.CreateReportScheduleAsync(asked);
        var id = made.Schedule.ScheduleId;

        await Reports.DeleteReportScheduleAsync(new() { ScheduleId = id });
        await Reports.DeleteReportScheduleAsync(new() { ScheduleId = id });
        var replayed = await Reports.CreateReportScheduleAsync(asked);
        var listed = (await Reports.ListReportSchedulesAsync(new())).Schedules;
        RpcCall[] calls =
        [
            () => Refused(Reports.GetReportScheduleAsync(new() { ScheduleId = id })),
            () => Refused(Reports.UpdateReportScheduleAsync(new() { ScheduleId = id, Name = "Late" })),
            () => Refused(Reports.RunReportScheduleAsync(new() { ScheduleId = id })),
            () => Refused(Reports.DeleteReportScheduleAsync(new() { ScheduleId = "rps_999999" })),
            () => Refused(Reports.UpdateReportScheduleAsync(new() { ScheduleId = "none", Name = "Late" })),
        ];

        Assert.That(replayed.Secret, Is.Empty);
        Assert.That(listed.Select(s => s.ScheduleId), Has.None.EqualTo(id));
        foreach (var call in calls)
        {
            Assert.That((await call()).Reason, Is.EqualTo("REPORT_SCHEDULE_UNKNOWN"));
        }
    }

    [TestCase("http://reports.example/")]
    [TestCase("https://user:secret@reports.example/")]
    [TestCase("https://127.0.0.1/")]
    [TestCase("https://localhost/")]
    [TestCase("https://[::ffff:10.0.0.1]/")]
    [TestCase("https://169.254.169.254/latest/meta-data")]
    [TestCase("https://2130706433/")]
    public async Task A_URL_that_is_not_public_https_is_refused(string url)
    {
        var refused = await Refused(Reports.CreateReportScheduleAsync(Plan(new() { WebhookUrl = url })));
        var made = await Reports.CreateReportScheduleAsync(Plan(Somewhere));
        var edit = await Refused(
            Reports.UpdateReportScheduleAsync(
                new()
                {
                    ScheduleId = made.Schedule.ScheduleId,
                    Destination = new() { WebhookUrl = url },
                }
            )
        );

        Assert.That(refused.Fields.Select(f => f.Field), Is.EqualTo(["destination.webhook_url"]));
        Assert.That(edit.Fields.Select(f => f.Field), Is.EqualTo(["destination.webhook_url"]));
    }

    [TestCase("", "REQUIRED")]
    [TestCase("now and then", "FORMAT")]
    [TestCase("0 6 * * *", "FORMAT")]
    [TestCase("* * * * * ?", "OUT_OF_RANGE")]
    [TestCase("0 */30 * * * ?", "OUT_OF_RANGE")]
    [TestCase("0 0,59 6 1 1 ?", "OUT_OF_RANGE")]
    [TestCase("0,1 0 6 * * ?", "OUT_OF_RANGE")]
    public async Task A_cron_expression_that_is_none_or_has_many_times_an_hour_is_refused(string cron, string reason)
    {
        var refused = await Refused(Reports.CreateReportScheduleAsync(Plan(Somewhere, cron: cron)));

        Assert.That(refused.Fields, Is.EqualTo([("cron", reason)]));
    }

    [TestCase("Mars/Olympus")]
    [TestCase("../../../etc/passwd")]
    [TestCase("/etc/localtime")]
    [TestCase("Europe/")]
    public async Task A_time_zone_that_nobody_knows_is_refused(string zone)
    {
        var asked = Plan(Somewhere);
        asked.TimeZone = zone;

        var refused = await Refused(Reports.CreateReportScheduleAsync(asked));

        Assert.That(refused.Fields, Is.EqualTo([("time_zone", "UNKNOWN_VALUE")]));
    }

    [Test]
    public async Task Where_no_mail_can_be_sent_no_mail_is_scheduled()
    {
        var mail = new ReportDestination { MailTo = { "boss@example.org" } };
        var made = await Reports.CreateReportScheduleAsync(Plan(Somewhere));

        var refused = await Refused(Reports.CreateReportScheduleAsync(Plan(mail)));
        var edit = await Refused(
            Reports.UpdateReportScheduleAsync(new() { ScheduleId = made.Schedule.ScheduleId, Destination = mail })
        );

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "MAIL_UNAVAILABLE")));
        Assert.That(edit.Reason, Is.EqualTo("MAIL_UNAVAILABLE"));
    }

    [Test]
    public async Task All_that_is_wrong_is_named_at_once()
    {
        var wrong = Plan(new() { WebhookUrl = "https://a.example/", MailTo = { "Boss <boss@example.org>", "x" } });
        wrong.Name = "";
        wrong.Report = ReportKind.Unspecified;
        wrong.Period = new ReportPeriod { Span = ReportSpan.PreviousWeek, Days = 2 };
        wrong.Limit = -1;

        var refused = await Refused(Reports.CreateReportScheduleAsync(wrong));
        var empty = await Refused(Reports.CreateReportScheduleAsync(new()));
        var never = await Refused(Reports.CreateReportScheduleAsync(Plan(Somewhere, cron: "0 0 6 1 1 ? 2020")));
        var nowhere = await Refused(Reports.CreateReportScheduleAsync(Plan(Somewhere, "nowhere")));

        Assert.That(
            refused.Fields.Select(f => f.Field),
            Is.EqualTo([
                "name",
                "report",
                "limit",
                "period.days",
                "destination",
                "destination.mail_to[0]",
                "destination.mail_to[1]",
            ])
        );
        Assert.That(empty.Fields.Select(f => f.Field), Is.EqualTo(["name", "report", "period", "cron", "destination"]));
        Assert.That(never.Reason, Is.EqualTo("REPORT_NEVER_DUE"));
        Assert.That((nowhere.Code, nowhere.Reason), Is.EqualTo((StatusCode.NotFound, "WAREHOUSE_UNKNOWN")));
    }

    private delegate Task<Refusal> RpcCall();
}
