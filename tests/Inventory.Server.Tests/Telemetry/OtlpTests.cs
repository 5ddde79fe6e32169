using System.Collections.Concurrent;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Inventory.Server.Tests.Telemetry;

/// <remarks>Alone: what all servers of this process do is collected here too, and a stop waits 2 s for it.</remarks>
[NonParallelizable]
public sealed class OtlpTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Test]
    public async Task Traces_and_metrics_reach_a_collector_under_the_callers_trace()
    {
        var received = new ConcurrentQueue<(string Path, byte[] Body)>();
        await using var collector = await CollectorAsync(received);
        await using var database = await TestDatabase.CreateAsync();
        await using var server = await HostedServer.StartAsync(
            database.ConnectionString,
            (Setting.OtlpEndpoint, collector.Urls.Single()),
            (Setting.OtlpProtocol, "http/protobuf")
        );
        var sku = await new Given(database.Tables).Stock(onHand: 1);

        await server.Reservations.ReserveInventoryAsync(
            new()
            {
                RequestId = Some.RequestId(),
                Lines =
                {
                    new V1.ReserveLine { Sku = sku, Quantity = 1 },
                },
            },
            new Grpc.Core.Metadata { { "traceparent", $"00-{TraceId}-00f067aa0ba902b7-01" } }
        );
        // What was collected is sent at the latest when the server stops.
        await server.StopAsync();

        var traces = received.Where(r => r.Path == "/v1/traces").Select(r => r.Body).ToArray();
        Assert.That(traces.Any(b => Holds(b, Convert.FromHexString(TraceId))), Is.True);
        Assert.That(traces.Any(b => Holds(b, "ReserveInventory"u8)), Is.True);
        var metrics = received.Where(r => r.Path == "/v1/metrics").Select(r => r.Body).ToArray();
        Assert.That(metrics.Any(b => Holds(b, "rpc.server.call.duration"u8) && Holds(b, "inventory"u8)), Is.True);
    }

    [Test]
    public async Task A_collector_that_is_away_holds_neither_calls_nor_the_stop()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var server = await HostedServer.StartAsync(
            database.ConnectionString,
            (Setting.OtlpEndpoint, "http://127.0.0.1:1")
        );
        var sku = await new Given(database.Tables).Stock(onHand: 1);

        var answer = await server.Reservations.ReserveInventoryAsync(
            new()
            {
                RequestId = Some.RequestId(),
                Lines =
                {
                    new V1.ReserveLine { Sku = sku, Quantity = 1 },
                },
            }
        );
        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(15));

        Assert.That(answer.Replayed, Is.False);
    }

    private static async Task<WebApplication> CollectorAsync(ConcurrentQueue<(string, byte[])> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.Enqueue((context.Request.Path, body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync();
        return app;
    }

    private static bool Holds(byte[] body, ReadOnlySpan<byte> part) => body.AsSpan().IndexOf(part) >= 0;
}
