namespace Inventory.Server.Reports;

// Never a URL or an address in a log: one may hold what lets others in, the other is somebody's.
internal static partial class ReportLog
{
    [LoggerMessage(
        EventId = 1701,
        Level = LogLevel.Warning,
        Message = "{Run} of {Schedule} is dead after {Attempts} attempts: {Problem}"
    )]
    public static partial void RunDead(this ILogger logger, string run, string schedule, int attempts, string problem);

    [LoggerMessage(
        EventId = 1702,
        Level = LogLevel.Information,
        Message = "{Run} of {Schedule} was not taken at attempt {Attempts}, and is tried again: {Problem}"
    )]
    public static partial void RunFailed(
        this ILogger logger,
        string run,
        string schedule,
        int attempts,
        string problem
    );

    [LoggerMessage(EventId = 1703, Level = LogLevel.Error, Message = "The report of {Run} could not be made")]
    public static partial void ReportFailed(this ILogger logger, Exception exception, string run);

    [LoggerMessage(EventId = 1704, Level = LogLevel.Error, Message = "When {Schedule} is due cannot be reckoned")]
    public static partial void ScheduleUnreadable(this ILogger logger, Exception exception, string schedule);

    [LoggerMessage(EventId = 1705, Level = LogLevel.Error, Message = "Reports that are due cannot be looked for")]
    public static partial void ReportsFailed(this ILogger logger, Exception exception);
}
