namespace Inventory.Engine.Reports.Schedules;

/// <summary>Where a scheduled report goes.</summary>
/// <param name="WebhookUrl">A POST goes there; null: mail.</param>
/// <param name="MailTo">Mail goes there; null: a POST.</param>
public sealed record ReportDestination(string? WebhookUrl, IReadOnlyList<string>? MailTo)
{
    /// <summary>The most mail addresses.</summary>
    public const int AddressesMax = 20;
}
