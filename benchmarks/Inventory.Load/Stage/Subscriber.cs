using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Inventory.Load.Stage;

/// <summary>Takes what webhooks send, at once, and counts it.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private readonly WebApplication app;
    private long events;

    private Subscriber(WebApplication app) => this.app = app;

    /// <summary>How many have come, those that came again among them.</summary>
    public long Events => Interlocked.Read(ref events);

    public string Url =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<Subscriber> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var subscriber = new Subscriber(builder.Build());
        subscriber.app.Run(async context =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            Interlocked.Add(ref subscriber.events, body.RootElement.GetArrayLength());
        });
        await subscriber.app.StartAsync();
        return subscriber;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
