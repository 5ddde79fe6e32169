using System.Text;
using Google.Protobuf;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;
using RabbitMQ.Client;

namespace Inventory.Server.Tests.Scans;

/// <summary>Tills that are offline at times leave their scans in a queue.</summary>
public sealed class ScanQueueTests : ScanMessagesFixture
{
    private const string Queue = "inventory.scans";
    private static readonly TimeSpan ConfirmMax = TimeSpan.FromSeconds(30);
    private RabbitBroker? broker;

    protected override async Task<HostedServer> StartServerAsync(TestDatabase fresh)
    {
        broker = await RabbitBroker.StartAsync();
        return await HostedServer.StartAsync(
            fresh.ConnectionString,
            (EventSettings.RabbitMq, broker.ConnectionString),
            (ScanSettings.Queue, Queue)
        );
    }

    /// <summary>It makes the queue, if nobody has: until then there is none to leave anything in.</summary>
    [OneTimeSetUp]
    public Task WaitForQueue() =>
        Eventually.TrueAsync(() => Server.Log.Entries.Any(e => e.Text.Contains("Scans are taken")));

    [OneTimeTearDown]
    public async Task StopBroker()
    {
        if (broker is not null)
        {
            await broker.DisposeAsync();
        }
    }

    [Test]
    public async Task What_is_in_the_queue_is_taken_once_however_often_it_is_there()
    {
        var sku = await Given.Stock(onHand: 100);
        var gtin = await Given.Barcode(sku);
        var device = Device();
        var sold = Batch(Enumerable.Range(1, 20).Select(i => Read(ScanMeaning.Sale, gtin, device, i)));

        await PublishAsync(sold, sold, Batch([Read(ScanMeaning.Sale, gtin, device, 21)]));

        await Eventually.TrueAsync(async () => await Then.OnHand(sku) == 79);
        await Eventually.TrueAsync(async () => await CountAsync(Queue) == 0);
        Assert.That(await Then.OnHand(sku), Is.EqualTo(79));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task What_cannot_be_read_goes_to_the_dead_letters_with_the_reason_and_holds_nothing_up()
    {
        var sku = await Given.Stock(onHand: 10);
        var gtin = await Given.Barcode(sku);

        await PublishAsync(
            "no JSON",
            """{"scans": [{"sequence": "0"}]}""",
            """{"scans": [], "unknown": 1}""",
            Batch([Read(ScanMeaning.Sale, gtin)])
        );

        await Eventually.TrueAsync(async () => await Then.OnHand(sku) == 9);
        await Eventually.TrueAsync(async () => await CountAsync($"{Queue}.dead") == 3);
        var (body, reason) = await FirstDeadAsync();
        Assert.That((body, reason), Is.EqualTo(("no JSON", reason)));
        Assert.That(reason, Does.StartWith("it is no IngestScansRequest as JSON"));
    }

    [Test]
    public async Task A_broker_that_was_killed_is_taken_from_again_when_it_is_back()
    {
        var sku = await Given.Stock(onHand: 10);
        var gtin = await Given.Barcode(sku);
        var device = Device();
        await PublishAsync(Batch([Read(ScanMeaning.Sale, gtin, device, 1)]));
        await Eventually.TrueAsync(async () => await Then.OnHand(sku) == 9);

        await broker!.KillAsync();
        await broker.StartAgainAsync();
        await PublishAsync(Batch([Read(ScanMeaning.Sale, gtin, device, 1), Read(ScanMeaning.Sale, gtin, device, 2)]));

        await Eventually.TrueAsync(async () => await Then.OnHand(sku) == 8);
    }

    private static string Batch(IEnumerable<Scan> scans) =>
        JsonFormatter.Default.Format(new IngestScansRequest { Scans = { scans } });

    private async Task PublishAsync(params string[] bodies)
    {
        await using var connection = await broker!.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new(true, true));
        var properties = new BasicProperties { DeliveryMode = DeliveryModes.Persistent };
        using var limit = new CancellationTokenSource(ConfirmMax);
        foreach (var body in bodies)
        {
            await channel.BasicPublishAsync("", Queue, true, properties, Encoding.UTF8.GetBytes(body), limit.Token);
        }
    }

    private async Task<uint> CountAsync(string queue)
    {
        await using var connection = await broker!.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
    }

    private async Task<(string Body, string Reason)> FirstDeadAsync()
    {
        await using var connection = await broker!.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var dead = (await channel.BasicGetAsync($"{Queue}.dead", autoAck: true))!;
        var reason = (byte[])dead.BasicProperties.Headers!["x-inventory-reason"]!;
        return (Encoding.UTF8.GetString(dead.Body.Span), Encoding.UTF8.GetString(reason));
    }
}
