using System.Collections.Concurrent;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Inventory.Testing;

/// <summary>
/// A consumer of a topic exchange, which keeps all that it is sent and acknowledges nothing: whoever comes after it
/// finds all of it again. Its queue is its own, or a quorum queue that outlives it.
/// </summary>
public sealed class RabbitConsumer : IAsyncDisposable
{
    private readonly IConnection connection;
    private readonly IChannel channel;

    private RabbitConsumer(IConnection connection, IChannel channel)
    {
        this.connection = connection;
        this.channel = channel;
    }

    public ConcurrentQueue<Message> Received { get; } = new();

    public sealed record Message(IReadOnlyBasicProperties Properties, string Key, byte[] Body);

    /// <summary>Bound, and consuming.</summary>
    /// <param name="broker">Where.</param>
    /// <param name="exchange">Made if it is not there.</param>
    /// <param name="key">What is wanted of it.</param>
    /// <param name="quorum">The name of a quorum queue; none: a queue of its own.</param>
    public static async Task<RabbitConsumer> BindAsync(
        RabbitBroker broker,
        string exchange,
        string key,
        string? quorum = null
    )
    {
        var connection = await broker.ConnectAsync();
        try
        {
            var channel = await connection.CreateChannelAsync();
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Topic, durable: true);
            var name = await DeclareAsync(channel, quorum);
            await channel.QueueBindAsync(name, exchange, key);
            var queue = new RabbitConsumer(connection, channel);
            await queue.ConsumeAsync(name);
            return queue;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static async Task<string> DeclareAsync(IChannel channel, string? quorum)
    {
        if (quorum is null)
        {
            return (await channel.QueueDeclareAsync()).QueueName;
        }

        await channel.QueueDeclareAsync(
            quorum,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }
        );
        return quorum;
    }

    private async Task ConsumeAsync(string name)
    {
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            // The body is the client's, and gone when this returns.
            Received.Enqueue(
                new(new BasicProperties(message.BasicProperties), message.RoutingKey, message.Body.ToArray())
            );
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(name, autoAck: false, consumer);
    }
}
