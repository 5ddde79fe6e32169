using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Grpc.Net.Client;
using Inventory.Testing;
using Inventory.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Inventory.Faults.Servers;

/// <summary>Servers that are killed while they send events: each event arrives, and some arrive twice.</summary>
[TestFixture]
public sealed class EventFaultTests
{
    private const int Rounds = 3;
    private const int HoldsEach = 40;

    private readonly ConcurrentQueue<(string Delivery, string[] Ids, long[] Versions)> received = new();
    private TestDatabase database = null!;
    private WebApplication subscriber = null!;

    /// <summary>Ends with the request that the next server's death cuts off.</summary>
    private volatile TaskCompletionSource? arrived;

    [SetUp]
    public async Task StartAsync()
    {
        database = await TestDatabase.CreateAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        subscriber = builder.Build();
        subscriber.Run(async context =>
        {
            var events = (await JsonNode.ParseAsync(context.Request.Body))!.AsArray();
            received.Enqueue(
                (
                    context.Request.Headers["webhook-id"].ToString(),
                    [.. events.Select(e => $"{e!["id"]}")],
                    [.. events.Select(e => long.Parse($"{e!["data"]!["stockVersion"]}"))]
                )
            );
            if (arrived is { } cut)
            {
                // It has been delivered, and the sender will never hear of it.
                cut.TrySetResult();
                var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using var ended = context.RequestAborted.Register(gone.SetResult);
                await gone.Task;
            }
        });
        await subscriber.StartAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await subscriber.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task A_server_killed_between_a_delivery_and_its_cursor_loses_no_event()
    {
        var sku = await new Given(database.Tables).Stock(onHand: Rounds * HoldsEach);
        await SubscribeAsync(sku);

        for (var round = 0; round < Rounds; round++)
        {
            await using var victim = await StartServerAsync();
            var cut = arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await HoldAsync(victim, sku);
            await cut.Task.WaitAsync(TimeSpan.FromSeconds(60));
            await victim.KillAsync();
        }

        arrived = null;
        await using var last = await StartServerAsync();
        var all = Enumerable.Range(2, Rounds * HoldsEach).Select(v => (long)v).ToArray();
        await Eventually.TrueAsync(
            () => all.All(received.SelectMany(r => r.Versions).Contains),
            TimeSpan.FromSeconds(120)
        );

        // At least once, in order, and what came twice is known by its ids.
        var events = received.SelectMany(r => r.Ids.Zip(r.Versions)).ToList();
        Assert.That(events.Select(e => e.Second).Distinct(), Is.EqualTo(all));
        Assert.That(events.Distinct().Count(), Is.EqualTo(all.Length));
        Assert.That(events, Has.Count.GreaterThan(all.Length));
        Assert.That(received.GroupBy(r => r.Delivery).Max(g => g.Count()), Is.GreaterThan(1));
        Assert.That(
            received.GroupBy(r => r.Delivery).Select(g => g.Select(r => r.Ids.Length).Distinct().Count()),
            Has.All.EqualTo(1)
        );
    }

    private async Task SubscribeAsync(string sku)
    {
        await using var server = await StartServerAsync();
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var addresses = subscriber.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        await new EventService.EventServiceClient(channel).CreateSubscriptionAsync(
            new() { Url = addresses.Addresses.Single(), Skus = { sku } }
        );
    }

    private static async Task HoldAsync(PublishedServer server, string sku)
    {
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var client = new ReservationService.ReservationServiceClient(channel);
        for (var i = 0; i < HoldsEach; i++)
        {
            await client.ReserveInventoryAsync(
                new()
                {
                    RequestId = Some.RequestId(),
                    Lines =
                    {
                        new ReserveLine { Sku = sku, Quantity = 1 },
                    },
                }
            );
        }
    }

    private Task<PublishedServer> StartServerAsync() =>
        PublishedServer.StartAsync(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ConnectionStrings__Inventory"] = database.ConnectionString,
                ["ConnectionStrings__Redis"] = database.RedisConnectionString,
                ["INVENTORY_DEMO_ITEMS"] = "0",
            }
        );
}
