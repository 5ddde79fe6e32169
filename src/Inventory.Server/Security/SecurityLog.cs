namespace Inventory.Server.Security;

/// <summary>Messages on who may call. None ever holds a token, a key or a part of one.</summary>
internal static partial class SecurityLog
{
    [LoggerMessage(
        1501,
        LogLevel.Warning,
        "No authentication is configured: whoever calls from this machine is {Caller} and may do everything"
    )]
    public static partial void NobodyIsAsked(this ILogger logger, string caller);

    [LoggerMessage(1502, LogLevel.Information, "The issuer's keys are now: {Keys}")]
    public static partial void KeysRead(this ILogger logger, string keys);

    [LoggerMessage(1503, LogLevel.Warning, "The issuer's keys cannot be read: {Problem}")]
    public static partial void KeysUnreadable(this ILogger logger, string problem);

    [LoggerMessage(1504, LogLevel.Warning, "API keys cannot be read: {Problem}")]
    public static partial void ApiKeysUnread(this ILogger logger, string problem);

    [LoggerMessage(1506, LogLevel.Information, "The certificate is now that of {Subject}, valid until {NotAfter}")]
    public static partial void CertificateRead(this ILogger logger, string subject, DateTime notAfter);

    [LoggerMessage(1507, LogLevel.Warning, "The certificate cannot be read again, and the last one stays: {Problem}")]
    public static partial void CertificateUnreadable(this ILogger logger, string problem);

    [LoggerMessage(1509, LogLevel.Warning, "Revoked tokens cannot be read, and the last list stands: {Problem}")]
    public static partial void RevokedTokensUnread(this ILogger logger, string problem);

    [LoggerMessage(1508, LogLevel.Warning, "Clients' authorities and names cannot be read again: {Problem}")]
    public static partial void ClientsUnreadable(this ILogger logger, string problem);

    [LoggerMessage(1510, LogLevel.Warning, "Users cannot be read: {Problem}")]
    public static partial void UsersUnread(this ILogger logger, string problem);

    [LoggerMessage(
        1511,
        LogLevel.Warning,
        "The first user could not be made: {Problem}. The next start tries again; user create does it too"
    )]
    public static partial void FirstAdminNotMade(this ILogger logger, string problem);

    [LoggerMessage(1505, LogLevel.Warning, "{Count} refusals could not be written down: {Problem}")]
    public static partial void RefusalsLost(this ILogger logger, long count, string problem);
}
