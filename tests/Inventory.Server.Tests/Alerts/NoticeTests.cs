using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using Inventory.Engine.Alerts;
using Inventory.Server.Alerts;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Inventory.Server.Tests.Alerts;

/// <summary>Alerts told by webhook and mail, by a server that was told where.</summary>
public sealed class NoticeTests : IAsyncDisposable
{
    private const string Secret = "sixteen-characters-and-more";

    private readonly ConcurrentQueue<(string Body, string Timestamp, string Signature)> posts = new();
    private readonly SmallSmtpServer smtp = new() { Refusals = 1 };
    private TestDatabase? database;
    private HostedServer? server;
    private WebApplication? webhook;

    [OneTimeSetUp]
    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        webhook = builder.Build();
        webhook.MapPost("/alerts", TakeAsync);
        await webhook.StartAsync();
        database = await TestDatabase.CreateAsync();
        server = await HostedServer.StartAsync(
            database.ConnectionString,
            (AlertSettings.Webhook, $"{webhook.Urls.Single()}/alerts"),
            (AlertSettings.WebhookSecret, Secret),
            (AlertSettings.SmtpHost, "127.0.0.1"),
            (AlertSettings.SmtpPort, $"{smtp.Port}"),
            (AlertSettings.SmtpTls, "none"),
            (AlertSettings.SmtpFrom, "stock@example.org"),
            (AlertSettings.SmtpTo, "one@example.org, two@example.org")
        );
    }

    [OneTimeTearDown]
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        if (webhook is not null)
        {
            await webhook.DisposeAsync();
        }

        if (database is not null)
        {
            await database.DisposeAsync();
        }

        await smtp.DisposeAsync();
    }

    [Test]
    public async Task An_alert_is_posted_signed_and_mailed_again_where_it_was_turned_away()
    {
        var raise = server!.Part<RaiseAlerts>();
        await raise.RaiseAsync(AlertKind.InvariantBroken, [new("rule", "It is wrong.")], CancellationToken.None);
        await Eventually.TrueAsync(() => !posts.IsEmpty);
        await raise.ResolveAsync(AlertKind.InvariantBroken, ["rule"], CancellationToken.None);

        await Eventually.TrueAsync(async () =>
        {
            // The pause after a failure is moved, not waited for.
            await using var connection = await database!.Tables.OpenConnectionAsync();
            await connection.ExecuteAsync(
                "UPDATE alert_notice SET due_at = clock_timestamp() WHERE sent_at IS NULL AND error <> ''"
            );
            return posts.Count == 2 && smtp.Mails.Count == 2;
        });

        var (body, timestamp, signature) = posts.First();
        var first = JsonDocument.Parse(body).RootElement;
        Assert.That(signature, Is.EqualTo(WebhookNotices.Sign(Secret, timestamp, body)));
        Assert.That(first.GetProperty("event").GetString(), Is.EqualTo("RAISED"));
        Assert.That(first.GetProperty("alert").GetProperty("subject").GetString(), Is.EqualTo("rule"));
        Assert.That(
            JsonDocument.Parse(posts.Last().Body).RootElement.GetProperty("event").GetString(),
            Is.EqualTo("RESOLVED")
        );
        var mail = smtp.Mails.First();
        Assert.That(mail, Does.Contain("Subject: [inventory] InvariantBroken: rule"));
        Assert.That(mail, Does.Contain("To: one@example.org, two@example.org"));
        Assert.That(mail, Does.Contain("It is wrong."));
        Assert.That(smtp.Mails.Last(), Does.Contain("is over"));
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = context.Request.Headers;
        posts.Enqueue(
            (body, $"{headers[WebhookNotices.TimestampHeader]}", $"{headers[WebhookNotices.SignatureHeader]}")
        );
    }
}
