using Inventory.Engine.Reports.Schedules;

namespace Inventory.Server.Services;

/// <summary>What the engine does with schedules of reports.</summary>
internal sealed record ReportSchedules(
    CreateReportSchedule Create,
    ListReportSchedules List,
    UpdateReportSchedule Update,
    DeleteReportSchedule Delete,
    AskReportRun Ask,
    ListReportRuns Runs
);
