using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Inventory.Testing;
using Inventory.V1;
using RabbitMQ.Client;

namespace Inventory.Faults.Followers;

/// <summary>
/// Devices that leave what they read in a queue, some of it twice: each reads one piece that came in, of its own item.
/// </summary>
internal sealed class Tills(RabbitBroker broker, string queue, IReadOnlyList<string> gtins, int seed)
{
    private const int ScansMax = 6;
    private static readonly TimeSpan PublishEvery = TimeSpan.FromMilliseconds(40);
    private readonly Random random = new(seed);
    private readonly List<byte[]> sent = [];
    private Task publishing = Task.CompletedTask;
    private volatile bool closed;

    /// <summary>How many scans each device has read.</summary>
    public long[] Read { get; } = new long[gtins.Count];

    public void Open() => publishing = Task.Run(PublishAsync);

    public Task CloseAsync()
    {
        closed = true;
        return publishing;
    }

    private async Task PublishAsync()
    {
        await using var connection = await broker.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new(true, true));
        // Where the server has not been yet, there is no queue.
        await channel.QueueDeclareAsync(
            queue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }
        );
        using var timer = new PeriodicTimer(PublishEvery);
        while (!closed)
        {
            await timer.WaitForNextTickAsync();
            await PublishAsync(channel, Next());
            if (random.Next(3) == 0)
            {
                await PublishAsync(channel, sent[random.Next(sent.Count)]);
            }
        }
    }

    private async Task PublishAsync(IChannel channel, byte[] body) =>
        await channel.BasicPublishAsync(
            "",
            queue,
            mandatory: true,
            new BasicProperties { DeliveryMode = DeliveryModes.Persistent },
            body
        );

    private byte[] Next()
    {
        var device = random.Next(gtins.Count);
        var scans = Enumerable
            .Range(0, random.Next(1, ScansMax))
            .Select(_ => new Scan
            {
                DeviceId = $"till-{device}",
                Sequence = ++Read[device],
                ScanTime = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
                Identifier = gtins[device],
                Warehouse = Given.MainWarehouse,
                Meaning = ScanMeaning.Receive,
            });
        var body = Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(new IngestScansRequest { Scans = { scans } }));
        sent.Add(body);
        return body;
    }
}
