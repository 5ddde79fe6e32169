using System.Globalization;
using Inventory.Engine.Alerts;
using MimeKit;

namespace Inventory.Server.Alerts;

/// <summary>Sends notices as mail in plain text.</summary>
internal static class MailNotices
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    /// <summary>Sends it; returns when the mail server has taken it.</summary>
    /// <exception cref="Exception">It was not taken: of MailKit, or of the network.</exception>
    public static async Task SendAsync(AlertNotice notice, MailOptions options, CancellationToken cancellation)
    {
        using var message = Message(notice, options);
        await MailServer.SendAsync(message, options, AnswerMax, cancellation);
    }

    private static MimeMessage Message(AlertNotice notice, MailOptions options)
    {
        var from = MailboxAddress.Parse(options.From);
        var message = new MimeMessage
        {
            // The same at every attempt, so that a mailbox can tell a second one.
            MessageId = string.Create(CultureInfo.InvariantCulture, $"alert-notice-{notice.NoticeId}@{from.Domain}"),
            Subject = $"[inventory] {Subject(notice)}",
            Body = new TextPart("plain") { Text = Text(notice) },
        };
        message.From.Add(from);
        message.To.AddRange(options.To.Select(MailboxAddress.Parse));
        return message;
    }

    private static string Subject(AlertNotice notice)
    {
        var alert = notice.Alert;
        var about = alert.Sku.Length > 0 ? $"{alert.Sku} at {alert.Warehouse}" : alert.Subject;
        var over = notice.Event == AlertEvent.Resolved ? " is over" : "";
        return $"{alert.Kind}: {about}{over}";
    }

    private static string Text(AlertNotice notice)
    {
        var alert = notice.Alert;
        var measured = alert.Amount is { } amount
            ? string.Create(CultureInfo.InvariantCulture, $"Measured: {amount}, threshold: {alert.Threshold}\n")
            : "";
        var told = alert.Message.Length > 0 ? $"{alert.Message}\n" : "";
        return $"{Subject(notice)}\n\n{told}{measured}Raised: {alert.RaisedAt:u}\n"
            + (alert.ResolvedAt is { } at ? $"Over: {at:u}\n" : "")
            + $"Alert: {Engine.Database.PublicId.Alert(alert.AlertId)}\n";
    }
}
