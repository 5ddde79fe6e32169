using System.Globalization;
using Inventory.Engine.Journal.Followers;
using Inventory.Server.Telemetry;
using RabbitMQ.Client;

namespace Inventory.Server.Events.Rabbit;

/// <summary>
/// Sends events to the exchange, in their order, and returns when the broker has confirmed that it keeps each. The
/// connection is made anew whenever something was wrong with it: what was sent is known only by its confirmation.
/// </summary>
internal sealed class RabbitPublisher(RabbitOptions options, ILogger<RabbitPublisher> logger) : IAsyncDisposable
{
    /// <summary>Shorter than the transaction that waits for it may.</summary>
    private static readonly TimeSpan PublishMax = TimeSpan.FromSeconds(10);
    private static readonly CreateChannelOptions Confirming = new(
        publisherConfirmationsEnabled: true,
        publisherConfirmationTrackingEnabled: false,
        outstandingPublisherConfirmationsRateLimiter: null
    );

    private readonly string contentType = CloudEvents.TypeOf(options.Format, batch: false);
    private Link? current;

    /// <param name="messages">One or more.</param>
    /// <param name="cancellation">Ends the wait; what was sent may arrive all the same.</param>
    /// <exception cref="FollowerAwayException">
    /// Not all were confirmed. Some may have arrived; sending all of them again is right.
    /// </exception>
    public async Task PublishAsync(IReadOnlyList<RabbitMessage> messages, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(PublishMax);
        try
        {
            // The bound is ours, whether or not a call of the client heeds its token.
            current ??= await OpenAsync(limit.Token).WaitAsync(limit.Token);
            await SendAsync(current, messages, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception failed)
        {
            await CloseAsync();
            cancellation.ThrowIfCancellationRequested();
            // Whatever the client throws is of the broker: an event is whole before it gets here.
            throw new FollowerAwayException(
                failed is OperationCanceledException
                    ? "the broker did not confirm in time"
                    : $"the broker is away: {failed.Message}",
                failed
            );
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task SendAsync(Link link, IReadOnlyList<RabbitMessage> messages, CancellationToken cancellation)
    {
        var first = await link.Channel.GetNextPublishSequenceNumberAsync(cancellation);
        var confirmed = link.Confirms.ExpectAsync(first, messages.Count);
        foreach (var message in messages)
        {
            var properties = new BasicProperties
            {
                DeliveryMode = DeliveryModes.Persistent,
                ContentType = contentType,
                MessageId = message.Id,
                Type = message.Type,
                Timestamp = new AmqpTimestamp(new DateTimeOffset(message.At, TimeSpan.Zero).ToUnixTimeSeconds()),
            };
            await link.Channel.BasicPublishAsync(
                options.Exchange,
                message.RoutingKey,
                mandatory: false,
                properties,
                message.Body,
                cancellation
            );
        }

        await confirmed.WaitAsync(cancellation);
    }

    private async Task<Link> OpenAsync(CancellationToken cancellation)
    {
        var connection = await BrokerConnection.OpenAsync(options.Broker, "inventory", cancellation);
        try
        {
            var channel = await connection.CreateChannelAsync(Confirming, cancellation);
            var confirms = new ConfirmCount();
            channel.BasicAcksAsync += (_, ack) =>
            {
                confirms.Confirm(ack.DeliveryTag, ack.Multiple);
                return Task.CompletedTask;
            };
            channel.BasicNacksAsync += (_, nack) =>
            {
                confirms.Fail(string.Create(CultureInfo.InvariantCulture, $"it refused message {nack.DeliveryTag}"));
                return Task.CompletedTask;
            };
            channel.ChannelShutdownAsync += (_, end) =>
            {
                confirms.Fail(end.ReplyText);
                return Task.CompletedTask;
            };
            await channel.ExchangeDeclareAsync(
                options.Exchange,
                ExchangeType.Topic,
                durable: true,
                autoDelete: false,
                cancellationToken: cancellation
            );
            logger.BrokerThere(options.Exchange);
            return new(connection, channel, confirms);
        }
        catch
        {
            await BrokerConnection.GiveUpAsync(connection, logger);
            throw;
        }
    }

    private async Task CloseAsync()
    {
        if (current is not { } link)
        {
            return;
        }

        current = null;
        await BrokerConnection.GiveUpAsync(link.Connection, logger);
    }

    private sealed record Link(IConnection Connection, IChannel Channel, ConfirmCount Confirms);
}
