using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Inventory.Testing;

/// <summary>A subscriber: keeps what it is sent, and answers as a test wishes.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private WebhookReceiver(WebApplication app) => this.app = app;

    /// <summary>All that came, in order, whatever was answered.</summary>
    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>Those that were answered with 200.</summary>
    public IEnumerable<Received> Taken => Requests.Where(r => r.Taken);

    /// <summary>Says what is answered; 200 at first.</summary>
    public Func<Received, HttpContext, Task> Answer { get; set; } =
        (request, _) =>
        {
            request.Taken = true;
            return Task.CompletedTask;
        };

    public string Url { get; private set; } = "";

    /// <param name="Id">webhook-id.</param>
    /// <param name="Timestamp">webhook-timestamp.</param>
    /// <param name="Signature">webhook-signature.</param>
    /// <param name="ContentType">Of the body.</param>
    /// <param name="Body">As it came.</param>
    public sealed record Received(string Id, string Timestamp, string Signature, string ContentType, byte[] Body)
    {
        public bool Taken { get; set; }

        public JsonNode[] Events => [.. JsonNode.Parse(Body)!.AsArray().Select(e => e!)];

        /// <summary>As a subscriber would, by nothing but the specification.</summary>
        public bool IsSignedBy(string secret)
        {
            var key = Convert.FromBase64String(secret["whsec_".Length..]);
            byte[] content = [.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. Body];
            return Signature == $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, content))}";
        }
    }

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        receiver.Url = $"{addresses.Addresses.Single()}/hook";
        return receiver;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers;
        var received = new Received(
            headers["webhook-id"].ToString(),
            headers["webhook-timestamp"].ToString(),
            headers["webhook-signature"].ToString(),
            context.Request.ContentType ?? "",
            body.ToArray()
        );
        try
        {
            await Answer(received, context);
        }
        finally
        {
            Requests.Enqueue(received);
        }
    }
}
