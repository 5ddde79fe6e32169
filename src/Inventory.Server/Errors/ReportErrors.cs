using Inventory.Engine.Reports.Schedules;

namespace Inventory.Server.Errors;

/// <summary>What each outcome of a request about scheduled reports means to a caller. Null is OK.</summary>
internal static class ReportErrors
{
    public static readonly ApiError MailUnavailable = CommonErrors.Precondition(
        Reasons.MailUnavailable,
        "mail",
        "cannot be sent: this server was told of no mail server"
    );

    public static ApiError? Of(ReportScheduleAnswer answer, string schedule, string requestId) =>
        answer.Outcome switch
        {
            ReportScheduleOutcome.Done or ReportScheduleOutcome.Replayed => null,
            ReportScheduleOutcome.RequestIdReused => CommonErrors.RequestIdReused(requestId),
            ReportScheduleOutcome.ScheduleUnknown => ScheduleUnknown(schedule),
            ReportScheduleOutcome.VersionConflict => CommonErrors.VersionConflict(schedule, answer.Revision),
            ReportScheduleOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(answer.Unknown),
            ReportScheduleOutcome.NeverDue => CommonErrors.Precondition(
                Reasons.ReportNeverDue,
                "cron",
                "has no time that is still to come"
            ),
            ReportScheduleOutcome.TooMany => CommonErrors.Precondition(
                Reasons.ReportScheduleLimit,
                "schedules",
                $"are {CreateReportSchedule.SchedulesMax} already: delete one that nobody needs"
            ),
        };

    public static ApiError? Of(AskReportRunAnswer answer, string schedule, string requestId) =>
        answer.Outcome switch
        {
            AskReportRunOutcome.Queued or AskReportRunOutcome.Replayed => null,
            AskReportRunOutcome.RequestIdReused => CommonErrors.RequestIdReused(requestId),
            AskReportRunOutcome.ScheduleUnknown => ScheduleUnknown(schedule),
        };

    public static ApiError ScheduleUnknown(string id) =>
        CommonErrors.NotFound(Reasons.ReportScheduleUnknown, "report schedule", id);
}
