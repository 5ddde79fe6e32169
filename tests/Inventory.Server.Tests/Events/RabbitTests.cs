using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using NUnit.Framework;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Inventory.Server.Tests.Events;

/// <summary>Events by RabbitMQ, a real one, which is killed.</summary>
[TestFixture]
public sealed class RabbitTests : ServerFixture
{
    private const string Exchange = "stock";
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
        await using var queue = await Queue.BindAsync(broker, "inventory.reservation.held.v1.MAIN_1-A");
        var sku = await Given.Stock(onHand: 5, warehouse: "MAIN.1-A");

        await Hold(sku, 2);
        await Eventually.TrueAsync(() => !queue.Received.IsEmpty);

        var (properties, key, body) = queue.Received.Single();
        var sent = JsonNode.Parse(body)!;
        Assert.That(key, Is.EqualTo("inventory.reservation.held.v1.MAIN_1-A"));
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
            await using (await Queue.BindAsync(broker, "inventory.reservation.#", isQuorum: true)) { }
            var load = LoadAsync(enough.Token);
            await Eventually.TrueAsync(() => Volatile.Read(ref held) > 50);
            await broker.KillAsync();
            var sofar = Volatile.Read(ref held);
            await Eventually.TrueAsync(() => Volatile.Read(ref held) > sofar + 100);
            await enough.CancelAsync();
            await load;
        }

        await broker.StartAgainAsync();
        // A quorum queue takes its time to find its leader again, and a consumer that comes before that is let down.
        Queue? found = null;
        await Eventually.TrueAsync(
            async () => (found = await Queue.TryBindAsync(broker, "inventory.reservation.#")) is not null,
            TimeSpan.FromSeconds(120)
        );
        await using var queue = found!;
        await Eventually.TrueAsync(() => VersionsOf(queue, sku).Distinct().Count() == held, TimeSpan.FromSeconds(120));

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

    private static List<long> VersionsOf(Queue queue, string sku) =>
        [
            .. queue
                .Received.Select(r => JsonNode.Parse(r.Body)!["data"]!)
                .Where(d => $"{d["sku"]}" == sku)
                .Select(d => long.Parse($"{d["stockVersion"]}")),
        ];

    /// <summary>A consumer with a queue of its own, or with a quorum queue that outlives it.</summary>
    private sealed class Queue(IConnection connection, IChannel channel) : IAsyncDisposable
    {
        public ConcurrentQueue<(IReadOnlyBasicProperties Properties, string Key, byte[] Body)> Received { get; } =
            new();

        public static async Task<Queue?> TryBindAsync(RabbitBroker broker, string key)
        {
            try
            {
                return await BindAsync(broker, key, isQuorum: true);
            }
            catch (Exception early)
                when (early is OperationCanceledException or RabbitMQ.Client.Exceptions.RabbitMQClientException)
            {
                return null;
            }
        }

        public static async Task<Queue> BindAsync(RabbitBroker broker, string key, bool isQuorum = false)
        {
            var connection = await broker.ConnectAsync();
            var channel = await connection.CreateChannelAsync();
            await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true);
            var declared = isQuorum
                ? await channel.QueueDeclareAsync(
                    "stock-events",
                    durable: true,
                    exclusive: false,
                    autoDelete: false,
                    arguments: new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }
                )
                : await channel.QueueDeclareAsync();
            await channel.QueueBindAsync(declared.QueueName, Exchange, key);
            var queue = new Queue(connection, channel);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, message) =>
            {
                queue.Received.Enqueue(
                    (new BasicProperties(message.BasicProperties), message.RoutingKey, message.Body.ToArray())
                );
                return Task.CompletedTask;
            };
            // Nothing is acknowledged: whoever comes after finds all of it again.
            await channel.BasicConsumeAsync(declared.QueueName, autoAck: false, consumer);
            return queue;
        }

        public async ValueTask DisposeAsync()
        {
            await channel.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
