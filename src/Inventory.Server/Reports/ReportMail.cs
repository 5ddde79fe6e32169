using System.Globalization;
using Inventory.Engine.Reports.Schedules;
using Inventory.Server.Alerts;
using MimeKit;

namespace Inventory.Server.Reports;

/// <summary>A report as a mail: a few words, and the file.</summary>
internal static class ReportMail
{
    /// <param name="claimed">What is sent.</param>
    /// <param name="report">The file.</param>
    /// <param name="options">Of whom it comes.</param>
    public static MimeMessage Write(ClaimedRun claimed, MadeReport report, MailOptions options)
    {
        var (run, plan) = (claimed.Run, claimed.Schedule.Plan);
        var from = MailboxAddress.Parse(options.From);
        var message = new MimeMessage
        {
            // The same at every attempt, so that a mailbox can tell a second one; and another's on other servers that
            // send from the same address.
            MessageId = string.Create(
                CultureInfo.InvariantCulture,
                $"{ReportIds.Run(run.RunId)}.{new DateTimeOffset(run.CreatedAt).ToUnixTimeMilliseconds()}@{from.Domain}"
            ),
            Subject = $"[inventory] {plan.Name}",
            Body = new Multipart("mixed")
            {
                new TextPart("plain") { Text = Text(claimed, report) },
                File(report),
            },
        };
        message.From.Add(from);
        message.To.AddRange((plan.Destination.MailTo ?? []).Select(MailboxAddress.Parse));
        return message;
    }

    private static string Text(ClaimedRun claimed, MadeReport report)
    {
        var run = claimed.Run;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {claimed.Schedule.Plan.Name}

            Report: {report.Name}
            From: {run.FromAt:u}
            Before: {run.BeforeAt:u}
            Rows: {report.Rows}
            Run: {ReportIds.Run(run.RunId)}

            """
        );
    }

    private static MimePart File(MadeReport report) =>
        new("text", "csv")
        {
            ContentType = { Charset = "utf-8" },
            Content = new MimeContent(new MemoryStream(report.Body)),
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
            ContentTransferEncoding = ContentEncoding.Base64,
            FileName = report.FileName,
        };
}
