using Inventory.Engine.Database;

namespace Inventory.Engine.Reports.Schedules;

/// <summary>Asks to make a schedule. It has been validated.</summary>
public sealed record NewReportSchedule
{
    /// <summary>Who asks; part of the request's identity.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>What it is of.</summary>
    public required ReportPlan Plan { get; init; }

    /// <summary>
    /// By which POSTs are signed; empty without a webhook. No part of what is asked: each attempt has another.
    /// </summary>
    public required string Secret { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.CreateReportSchedule);
        content.Text(Plan.Name);
        content.Number((long)Plan.Report);
        Write(Plan.Warehouses, ref content);
        Write(Plan.Category, ref content);
        content.Number((long?)Plan.Limit);
        content.Number((long)Plan.Period.Span);
        content.Number((long?)Plan.Period.Days);
        content.Text(Plan.Cron);
        content.Text(Plan.TimeZone);
        Write(Plan.Destination.WebhookUrl, ref content);
        Write(Plan.Destination.MailTo, ref content);
        content.Flag(Plan.Paused);
        return content.ToFingerprint();
    }

    internal static void Write(string? text, ref StableContent content)
    {
        content.Flag(text is not null);
        content.Text(text ?? "");
    }

    internal static void Write(IReadOnlyList<string>? texts, ref StableContent content)
    {
        content.Number((long?)texts?.Count);
        foreach (var text in texts ?? [])
        {
            content.Text(text);
        }
    }
}
