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
[NonParallelizable]
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

    /// <summary>A consumer with a queue of its own.</summary>
    private sealed class Queue(IConnection connection, IChannel channel) : IAsyncDisposable
    {
        public ConcurrentQueue<(IReadOnlyBasicProperties Properties, string Key, byte[] Body)> Received { get; } =
            new();

        public static async Task<Queue> BindAsync(RabbitBroker broker, string key)
        {
            var connection = await broker.ConnectAsync();
            var channel = await connection.CreateChannelAsync();
            await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true);
            var declared = await channel.QueueDeclareAsync();
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
