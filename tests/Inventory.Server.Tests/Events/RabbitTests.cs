using System.Text.Json.Nodes;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using NUnit.Framework;
using RabbitMQ.Client;

namespace Inventory.Server.Tests.Events;

/// <summary>Events by RabbitMQ, a real one, which is killed.</summary>
[TestFixture]
public sealed class RabbitTests : ServerFixture
{
    private const string Exchange = "stock";
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(120);
    private RabbitBroker broker = null!;

    protected override async Task<HostedServer> StartServerAsync(TestDatabase fresh)
    {
        broker = await RabbitBroker.StartAsync();
        return await HostedServer.StartAsync(
            fresh.ConnectionString,
            (EventSettings.RabbitMq, broker.ConnectionString),
            (EventSettings.RabbitMqExchange, Exchange)
        );
    }

    [OneTimeTearDown]
    public async Task StopBroker() => await broker.DisposeAsync();

    [Test]
    public async Task A_change_is_an_event_that_lasts_with_its_type_and_warehouse_as_its_key()
    {
        const string wanted = "inventory.reservation.held.v1.MAIN_1-A";
        await using var queue = await RabbitConsumer.BindAsync(broker, Exchange, wanted);
        var sku = await Given.Stock(onHand: 5, warehouse: "MAIN.1-A");

        await Hold(sku, 2);
        await Eventually.TrueAsync(() => !queue.Received.IsEmpty);

        var (properties, key, body) = queue.Received.Single();
        var sent = JsonNode.Parse(body)!;
        Assert.That(key, Is.EqualTo(wanted));
        Assert.That(properties.DeliveryMode, Is.EqualTo(DeliveryModes.Persistent));
        Assert.That(properties.ContentType, Does.StartWith("application/cloudevents+json"));
        Assert.That(properties.MessageId, Is.EqualTo($"{sent["id"]}"));
        Assert.That(properties.Type, Is.EqualTo("inventory.reservation.held.v1"));
        Assert.That($"{sent["subject"]}", Is.EqualTo($"{sku}/MAIN.1-A"));
        Assert.That($"{sent["data"]!["change"]!["reserved"]}", Is.EqualTo("2"));
    }

    [Test]
    public async Task A_broker_that_is_killed_loses_nothing_and_gets_in_order_what_it_missed()
    {
        var sku = await Given.Stock(onHand: 1_000);
        var held = 0;
        using (var enough = new CancellationTokenSource())
        {
            await using (await BindAsync()) { }
            var load = LoadAsync(enough.Token);
            await Eventually.TrueAsync(() => Volatile.Read(ref held) > 50);
            await broker.KillAsync();
            var sofar = Volatile.Read(ref held);
            await Eventually.TrueAsync(() => Volatile.Read(ref held) > sofar + 100);
            await enough.CancelAsync();
            await load;
        }

        await broker.StartAgainAsync();
        await using var queue = await BindAsync();
        await Eventually.TrueAsync(() => VersionsOf(queue, sku).Distinct().Count() == held, DrainMax);

        // At least once: what the broker had not confirmed came again. Each first time is in order.
        Assert.That(VersionsOf(queue, sku).Distinct(), Is.EqualTo(Enumerable.Range(2, held).Select(v => (long)v)));
        Assert.That(Server.Log.Alarms, Is.Empty);

        async Task LoadAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested && held < 1_000)
            {
                await Hold(sku);
                Interlocked.Increment(ref held);
            }
        }
    }

    private Task<RabbitConsumer> BindAsync() =>
        RabbitConsumer.BindAsync(broker, Exchange, "inventory.reservation.#", quorum: "stock-events");

    private static List<long> VersionsOf(RabbitConsumer queue, string sku) =>
        [
            .. queue
                .Received.Select(r => JsonNode.Parse(r.Body)!["data"]!)
                .Where(d => $"{d["sku"]}" == sku)
                .Select(d => long.Parse($"{d["stockVersion"]}")),
        ];
}
