using Inventory.Server.Tests.Security;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Reports;

/// <summary>Where reports go is told to an admin; to who may read reports, that they go.</summary>
public sealed class ReportPrivacyTests : SecuredFixture
{
    [Test]
    public async Task A_URL_is_told_to_who_is_no_admin_without_what_lets_others_in()
    {
        var reports = new ReportService.ReportServiceClient(Server.Channel);
        const string url = "https://hooks.example/in/T0PS3CRET?key=1";
        var made = await reports.CreateReportScheduleAsync(
            new()
            {
                Name = "Levels",
                Report = ReportKind.StockLevels,
                Period = new() { Span = ReportSpan.PreviousDay },
                Cron = "0 0 6 * * ?",
                Destination = new() { WebhookUrl = url },
            },
            Bearing(Issuer.Token("admin"))
        );
        var asked = new GetReportScheduleRequest { ScheduleId = made.Schedule.ScheduleId };

        var boss = await reports.GetReportScheduleAsync(asked, Bearing(Issuer.Token("admin")));
        var viewer = await reports.GetReportScheduleAsync(asked, Bearing(Issuer.Token("reports.read")));
        var listed = await reports.ListReportSchedulesAsync(new(), Bearing(Issuer.Token("reports.read")));

        var told = made.Schedule.Clone();
        told.Destination.WebhookUrl = "https://hooks.example";
        Assert.That(boss.Schedule.Destination.WebhookUrl, Is.EqualTo(url));
        Assert.That(viewer.Schedule, Is.EqualTo(told));
        Assert.That(listed.Schedules, Is.EqualTo(new[] { told }));
    }
}
