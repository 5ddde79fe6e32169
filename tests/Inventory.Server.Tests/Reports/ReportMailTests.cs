using System.Text;
using Inventory.Server.Alerts;
using Inventory.Server.Tests.Alerts;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using MimeKit;
using NUnit.Framework;

namespace Inventory.Server.Tests.Reports;

/// <summary>Reports by mail, by a server that was told of a mail server.</summary>
public sealed class ReportMailTests : ReportScheduleFixture
{
    private readonly SmallSmtpServer smtp = new() { Refusals = 1 };

    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(
            fresh.ConnectionString,
            [
                .. Settings,
                (AlertSettings.SmtpHost, "127.0.0.1"),
                (AlertSettings.SmtpPort, $"{smtp.Port}"),
                (AlertSettings.SmtpTls, "none"),
                (AlertSettings.SmtpFrom, "stock@example.org"),
                (AlertSettings.SmtpTo, "operator@example.org"),
            ]
        );

    [OneTimeTearDown]
    public ValueTask StopMail() => smtp.DisposeAsync();

    [Test]
    public async Task What_is_due_is_mailed_as_a_file_again_where_it_was_turned_away()
    {
        var place = await Given.Warehouse();
        await Given.Stock(onHand: 7, warehouse: place);
        var asked = Plan(new() { MailTo = { "one@example.org", "two@example.org" } }, place);
        asked.Name = "Was läuft?\u2028Bcc: x@example.org";
        var made = await Reports.CreateReportScheduleAsync(asked);

        await Due(made);
        var failed = await Failed(made);
        var sent = await Until(made, ReportRunState.Sent);

        using var text = new MemoryStream(Encoding.UTF8.GetBytes(smtp.Mails.Single()));
        using var mail = await MimeMessage.LoadAsync(text);
        var file = (MimePart)mail.Attachments.Single();
        using var body = new MemoryStream();
        await file.Content!.DecodeToAsync(body);
        Assert.That(made.Secret, Is.Empty);
        Assert.That(failed.LastError, Does.Contain("later"));
        Assert.That((sent.RunId, sent.Attempts), Is.EqualTo((failed.RunId, 2)));
        Assert.That(mail.MessageId, Does.StartWith($"{sent.RunId}.").And.EndsWith("@example.org"));
        Assert.That(mail.Subject, Is.EqualTo($"[inventory] {asked.Name}"));
        Assert.That(mail.To.Mailboxes.Select(m => m.Address), Is.EqualTo(asked.Destination.MailTo));
        Assert.That(mail.Bcc, Is.Empty);
        Assert.That(file.ContentType.MimeType, Is.EqualTo("text/csv"));
        Assert.That(file.FileName, Is.EqualTo($"movements-{sent.DueTime.ToDateTime():yyyy-MM-dd}.csv"));
        Assert.That(body.ToArray(), Is.EqualTo(await Exported(sent, place)));
    }
}
