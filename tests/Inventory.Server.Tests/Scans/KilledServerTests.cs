using Grpc.Core;
using Grpc.Net.Client;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Scans;

/// <summary>Devices send all again when they do not know how far they came.</summary>
public sealed class KilledServerTests : ScanMessagesFixture
{
    private const int Devices = 4;
    private const int MessagesOfEach = 60;
    private const int ScansOfEach = 20;

    [Test]
    public async Task What_is_sent_again_after_a_server_was_killed_has_no_second_effect()
    {
        const int sold = Devices * MessagesOfEach * ScansOfEach;
        var sku = await Given.Stock(onHand: 2 * sold);
        var gtin = await Given.Barcode(sku);
        string[] devices = [.. Enumerable.Range(0, Devices).Select(_ => Device())];

        await using (var victim = await StartAsync())
        {
            var sending = devices.Select(d => SendAsync(victim, d, gtin)).ToArray();
            await Eventually.TrueAsync(async () => await Then.OnHand(sku) < 2 * sold - 200);
            await victim.KillAsync();
            var ends = await Task.WhenAll(sending);
            Assert.That(ends, Has.Some.Null, "all was over before the server was killed");
        }

        var before = 2 * sold - await Then.OnHand(sku);
        await using var next = await StartAsync();
        var answers = await Task.WhenAll(devices.Select(d => SendAsync(next, d, gtin)));

        Assert.That(answers.Sum(a => a!.DuplicateCount), Is.EqualTo(before));
        Assert.That(answers.Sum(a => a!.AcceptedCount), Is.EqualTo(sold - before));
        Assert.That(
            answers.SelectMany(a => a!.Devices).Select(d => d.LastSequence),
            Is.All.EqualTo(MessagesOfEach * ScansOfEach)
        );
        Assert.That(await Then.OnHand(sku), Is.EqualTo(sold));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    /// <returns>The answer; none if the server was gone.</returns>
    private static async Task<IngestScansResponse?> SendAsync(PublishedServer server, string device, string gtin)
    {
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        using var call = new ScanService.ScanServiceClient(channel).IngestScans();
        try
        {
            for (var message = 0; message < MessagesOfEach; message++)
            {
                var first = message * ScansOfEach;
                var scans = Enumerable
                    .Range(1, ScansOfEach)
                    .Select(i => Read(ScanMeaning.Sale, gtin, device, first + i));
                await call.RequestStream.WriteAsync(new() { Scans = { scans } });
            }

            await call.RequestStream.CompleteAsync();
            return await call;
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    private Task<PublishedServer> StartAsync() =>
        PublishedServer.StartAsync(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ConnectionStrings__Inventory"] = Database.ConnectionString,
                ["ConnectionStrings__Redis"] = Database.RedisConnectionString,
                ["INVENTORY_DEMO_ITEMS"] = "0",
            }
        );
}
