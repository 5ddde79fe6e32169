namespace Inventory.Server.Followers;

internal static partial class FollowerLog
{
    [LoggerMessage(
        EventId = 1501,
        Level = LogLevel.Information,
        Message = "{Follower} follows the journal on this node"
    )]
    public static partial void FollowerActive(this ILogger logger, string follower);

    [LoggerMessage(
        EventId = 1502,
        Level = LogLevel.Information,
        Message = "{Follower} lost its connection, and with it its lease"
    )]
    public static partial void FollowerInactive(this ILogger logger, string follower);

    [LoggerMessage(
        EventId = 1503,
        Level = LogLevel.Error,
        Message = "{Follower} begins anew at the end of the journal: its cursor {Cursor} is of another era, "
            + "and what was written between is not handled"
    )]
    public static partial void FollowerBegunAnew(this ILogger logger, string follower, string cursor);

    [LoggerMessage(EventId = 1504, Level = LogLevel.Warning, Message = "{Follower} waits: {Reason}")]
    public static partial void FollowerWaits(this ILogger logger, string follower, string reason);

    [LoggerMessage(
        EventId = 1505,
        Level = LogLevel.Warning,
        Message = "{Follower} could not handle {What} and tries again"
    )]
    public static partial void FollowerRepeats(this ILogger logger, Exception? cause, string follower, string what);

    [LoggerMessage(
        EventId = 1506,
        Level = LogLevel.Error,
        Message = "{Follower} parked {What}, and what comes of the same stock row waits behind it"
    )]
    public static partial void FollowerParked(this ILogger logger, Exception? cause, string follower, string what);

    [LoggerMessage(
        EventId = 1507,
        Level = LogLevel.Information,
        Message = "{Follower} handled {What} that were parked"
    )]
    public static partial void FollowerUnparked(this ILogger logger, string follower, string what);

    [LoggerMessage(
        EventId = 1508,
        Level = LogLevel.Warning,
        Message = "{Follower} cannot follow while the database is away: {Reason}"
    )]
    public static partial void FollowerStopped(this ILogger logger, string follower, string reason);

    [LoggerMessage(EventId = 1509, Level = LogLevel.Error, Message = "{Follower} met what nobody thought of")]
    public static partial void FollowerFailed(this ILogger logger, Exception fault, string follower);
}
