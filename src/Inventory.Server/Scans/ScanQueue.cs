using System.Text;
using System.Threading.Channels;
using Google.Protobuf;
using Inventory.Engine.Scans;
using Inventory.Server.Events.Rabbit;
using Inventory.Server.Hosting;
using Inventory.Server.Services;
using Inventory.Server.Telemetry;
using Inventory.Server.Validation;
using Inventory.V1;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Inventory.Server.Scans;

/// <summary>
/// Takes scans from a queue, for tills and readers that are offline at times: each message is an IngestScansRequest as
/// JSON. A message is acknowledged when its scans are durable, so it may be taken twice and counts once. What cannot
/// be read goes to the dead letters with the reason.
/// </summary>
/// <remarks>
/// Several servers may take from one queue; then the scans of a device may change their order.
/// </remarks>
internal sealed class ScanQueue(
    ScanQueueOptions options,
    IngestScans ingest,
    Drain drain,
    TimeProvider time,
    ILogger<ScanQueue> logger
) : BackgroundService
{
    private const string ReasonHeader = "x-inventory-reason";
    private const ushort UnacknowledgedMax = 200;

    /// <summary>A queue without a leader confirms nothing: then all is begun anew, by another connection.</summary>
    private static readonly TimeSpan ConfirmMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private static readonly JsonParser Json = new(JsonParser.Settings.Default.WithRecursionLimit(16));
    private static readonly CreateChannelOptions Confirming = new(
        publisherConfirmationsEnabled: true,
        publisherConfirmationTrackingEnabled: true
    );

    private sealed record Delivery(ulong Tag, byte[] Body);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, drain.Begun);
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await ConsumeAsync(ending.Token);
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                // Whatever it is, what was not acknowledged is delivered again, and counts once.
                logger.ScansNotTaken(options.Queue, failed.Message);
                await Task.Delay(Rest, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ConsumeAsync(CancellationToken cancellation)
    {
        var connection = await BrokerConnection.OpenAsync(options.Broker, "inventory scans", cancellation);
        try
        {
            await ConsumeAsync(connection, cancellation);
        }
        finally
        {
            await BrokerConnection.GiveUpAsync(connection, logger);
        }
    }

    private async Task ConsumeAsync(IConnection connection, CancellationToken cancellation)
    {
        await DeclareAsync(connection, options.Queue, cancellation);
        await DeclareAsync(connection, options.DeadLetters, cancellation);
        // Ends with its connection.
        var channel = await connection.CreateChannelAsync(Confirming, cancellation);
        await channel.BasicQosAsync(0, UnacknowledgedMax, global: false, cancellation);
        var deliveries = Channel.CreateBounded<Delivery>(UnacknowledgedMax);
        var consumer = new AsyncEventingBasicConsumer(channel);
        // The body is the client's, and gone when this returns.
        consumer.ReceivedAsync += (_, message) =>
            deliveries.Writer.WriteAsync(new(message.DeliveryTag, message.Body.ToArray()), cancellation).AsTask();
        channel.ChannelShutdownAsync += (_, end) =>
        {
            deliveries.Writer.TryComplete(new IOException(end.ReplyText));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(options.Queue, autoAck: false, consumer, cancellation);
        logger.ScansTaken(options.Queue);
        while (await deliveries.Reader.WaitToReadAsync(cancellation))
        {
            await TakeAsync(channel, deliveries.Reader, cancellation);
        }
    }

    /// <summary>A queue that is there stays as whoever made it wanted it.</summary>
    private static async Task DeclareAsync(IConnection connection, string queue, CancellationToken cancellation)
    {
        // A look for what is not there ends the channel.
        await using var looking = await connection.CreateChannelAsync(cancellationToken: cancellation);
        try
        {
            await looking.QueueDeclarePassiveAsync(queue, cancellation);
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
        {
            await using var making = await connection.CreateChannelAsync(cancellationToken: cancellation);
            await making.QueueDeclareAsync(
                queue,
                durable: true,
                exclusive: false,
                autoDelete: false,
                new Dictionary<string, object?> { ["x-queue-type"] = "quorum" },
                cancellationToken: cancellation
            );
        }
    }

    /// <summary>What waits is taken together, as far as one call goes.</summary>
    private async Task TakeAsync(IChannel channel, ChannelReader<Delivery> deliveries, CancellationToken cancellation)
    {
        var scans = new List<NewScan>();
        var unread = new List<(byte[] Body, string Reason)>();
        var last = 0ul;
        while (scans.Count < IngestScans.ScansMax && deliveries.TryRead(out var delivery))
        {
            var now = time.GetUtcNow().UtcDateTime;
            var request = Read(delivery.Body, out var reason);
            if (request is null)
            {
                unread.Add((delivery.Body, reason));
            }
            else
            {
                scans.AddRange(request.Scans.Select(s => ScanReading.ToEngine(s, now)));
            }

            last = delivery.Tag;
        }

        while (scans.Count > 0 && await ingest.ExecuteAsync(new(options.Caller), scans, cancellation) is null)
        {
            await Task.Delay(Rest, cancellation);
        }

        // Behind the others: where the dead letters take nothing, what could be read is counted all the same.
        foreach (var (body, reason) in unread)
        {
            await BuryAsync(channel, body, reason, cancellation);
        }

        if (last > 0)
        {
            await channel.BasicAckAsync(last, multiple: true, cancellation);
        }
    }

    internal static IngestScansRequest? Read(byte[] body, out string reason)
    {
        if (body.Length > GrpcSetup.MessageBytesMax)
        {
            reason = $"it has more than {GrpcSetup.MessageBytesMax} bytes";
            return null;
        }

        try
        {
            var request = Json.Parse<IngestScansRequest>(new UTF8Encoding(false, true).GetString(body));
            reason = ScanRules.Check(request, new ScanSummary())?.Details.Message ?? "";
            return reason.Length == 0 ? request : null;
        }
        catch (Exception malformed)
        {
            // Whatever it is, reading it again would meet it again, and what is behind it would never be taken.
            reason = $"it is no IngestScansRequest as JSON: {malformed.Message}";
            return null;
        }
    }

    /// <summary>It is kept elsewhere before it is acknowledged here.</summary>
    private async Task BuryAsync(IChannel channel, byte[] body, string reason, CancellationToken cancellation)
    {
        logger.ScansBuried(options.DeadLetters, reason);
        var properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Persistent,
            ContentType = "application/json",
            Headers = new Dictionary<string, object?> { [ReasonHeader] = reason },
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ConfirmMax);
        try
        {
            await channel
                .BasicPublishAsync("", options.DeadLetters, mandatory: true, properties, body, limit.Token)
                .AsTask()
                .WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"the broker did not confirm a message to {options.DeadLetters} in time");
        }
    }
}
