using Inventory.Engine.Reports.Schedules;
using Inventory.Server.Csv;
using Inventory.Server.Services;

namespace Inventory.Server.Reports;

/// <summary>Reports as files, and what sends them by schedule.</summary>
internal static class ReportSetup
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(QuartzCron.Times);
        services.AddSingleton<CreateReportSchedule>();
        services.AddSingleton<ListReportSchedules>();
        services.AddSingleton<UpdateReportSchedule>();
        services.AddSingleton<DeleteReportSchedule>();
        services.AddSingleton<AskReportRun>();
        services.AddSingleton<ListReportRuns>();
        services.AddSingleton<ReportSchedules>();
        services.AddSingleton<StartDueRuns>();
        services.AddSingleton<ClaimReportRun>();
        services.AddSingleton<NoteReportRun>();
        services.AddSingleton<MakeReport>();
        services.AddSingleton<SendReport>();
        services.AddSingleton<ReportMetrics>();
        services.AddSingleton<ReportExport>();
        services.AddHostedService<ReportUpkeep>();
    }
}
