namespace Inventory.Engine.Alerts;

/// <summary>Where a notice goes. Append only; a number is never used again.</summary>
public enum NoticeChannel
{
    /// <summary>An HTTP POST.</summary>
    Webhook = 1,

    /// <summary>Mail by SMTP.</summary>
    Mail = 2,
}

/// <summary>What a notice tells. Append only; a number is never used again.</summary>
public enum AlertEvent
{
    /// <summary>The alert was raised.</summary>
    Raised = 1,

    /// <summary>The alert was resolved.</summary>
    Resolved = 2,
}

/// <summary>A notice that is to be sent.</summary>
/// <param name="NoticeId">The same at every attempt.</param>
/// <param name="Event">What it tells.</param>
/// <param name="Channel">Where it goes.</param>
/// <param name="Attempts">This one included.</param>
/// <param name="Alert">As it is now.</param>
public sealed record AlertNotice(long NoticeId, AlertEvent Event, NoticeChannel Channel, int Attempts, Alert Alert);
