namespace Inventory.Server.Cache;

internal static partial class CacheLog
{
    [LoggerMessage(EventId = 1401, Level = LogLevel.Information, Message = "Redis is connected")]
    public static partial void RedisConnected(this ILogger logger);

    [LoggerMessage(
        EventId = 1402,
        Level = LogLevel.Warning,
        Message = "Redis is lost; availability is read from PostgreSQL until it is back"
    )]
    public static partial void RedisLost(this ILogger logger);

    [LoggerMessage(EventId = 1403, Level = LogLevel.Debug, Message = "Redis is away: {Reason}")]
    public static partial void RedisAway(this ILogger logger, string reason);

    [LoggerMessage(
        EventId = 1404,
        Level = LogLevel.Warning,
        Message = "The cache cannot be followed while the database is away: {Reason}"
    )]
    public static partial void FollowingStopped(this ILogger logger, string reason);

    [LoggerMessage(EventId = 1405, Level = LogLevel.Error, Message = "The cache was not followed")]
    public static partial void FollowingFailed(this ILogger logger, Exception exception);
}
