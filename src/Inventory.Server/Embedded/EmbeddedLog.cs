namespace Inventory.Server.Embedded;

internal static partial class EmbeddedLog
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Making a PostgreSQL cluster in {Folder}")]
    public static partial void ClusterMaking(this ILogger logger, string folder);

    [LoggerMessage(
        EventId = 1002,
        Level = LogLevel.Information,
        Message = "Private {Server} serves on 127.0.0.1:{Port}, pid {Pid}, log {Log}"
    )]
    public static partial void ServerStarted(this ILogger logger, string server, int port, int pid, string log);

    [LoggerMessage(
        EventId = 1003,
        Level = LogLevel.Information,
        Message = "Private {Server} was left behind by an earlier run and is taken over: 127.0.0.1:{Port}, pid {Pid}"
    )]
    public static partial void ServerAdopted(this ILogger logger, string server, int port, int pid);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Information, Message = "Private {Server} has stopped")]
    public static partial void ServerStopped(this ILogger logger, string server);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Warning, Message = "Private {Server} has ended; starting it again")]
    public static partial void ServerLost(this ILogger logger, string server);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Error, Message = "Private {Server} could not be started again")]
    public static partial void RestartFailed(this ILogger logger, Exception exception, string server);
}
