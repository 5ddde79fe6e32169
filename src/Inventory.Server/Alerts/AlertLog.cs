namespace Inventory.Server.Alerts;

internal static partial class AlertLog
{
    [LoggerMessage(
        EventId = 1601,
        Level = LogLevel.Warning,
        Message = "Notice {NoticeId} was not taken by {Channel} at attempt {Attempts}: {Reason}"
    )]
    public static partial void NoticeFailed(
        this ILogger logger,
        long noticeId,
        string channel,
        int attempts,
        string reason
    );

    [LoggerMessage(EventId = 1602, Level = LogLevel.Debug, Message = "A look at alerts was skipped: {Reason}")]
    public static partial void AlertsSkipped(this ILogger logger, string reason);
}
