using Grpc.Core;
using Inventory.V1;

namespace Inventory.Server.Tests.Security;

/// <summary>Schedules of reports.</summary>
internal sealed partial class AuditedCalls
{
    private readonly ReportService.ReportServiceClient reports = new(channel);

    private IEnumerable<(string, Func<Metadata, Task>)> OfReports =>
        [
            ("CreateReportSchedule", async m => await reports.CreateReportScheduleAsync(NewSchedule(), m)),
            (
                "UpdateReportSchedule",
                async m =>
                    await reports.UpdateReportScheduleAsync(
                        new() { ScheduleId = await Schedule(), Name = "Other levels" },
                        m
                    )
            ),
            (
                "DeleteReportSchedule",
                async m => await reports.DeleteReportScheduleAsync(new() { ScheduleId = await Schedule() }, m)
            ),
            (
                "RunReportSchedule",
                async m => await reports.RunReportScheduleAsync(new() { ScheduleId = await Schedule() }, m)
            ),
        ];

    private static CreateReportScheduleRequest NewSchedule() =>
        new()
        {
            Name = "Levels",
            Report = ReportKind.StockLevels,
            Period = new() { Span = ReportSpan.PreviousDay },
            Cron = "0 0 6 * * ?",
            Destination = new() { WebhookUrl = "https://reports.invalid/" },
        };

    private async Task<string> Schedule() =>
        (await reports.CreateReportScheduleAsync(NewSchedule(), others)).Schedule.ScheduleId;
}
