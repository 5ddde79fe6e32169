using Inventory.Server.Hosting;

namespace Inventory.Server.Scans;

/// <summary>Where scans come from by RabbitMQ.</summary>
/// <param name="Broker">With user and password: never to be shown.</param>
/// <param name="Queue">What is in it is scanned; what cannot be read goes to the dead letters.</param>
public sealed record ScanQueueOptions(Uri Broker, string Queue)
{
    private const int QueueLengthMax = 200;

    /// <summary>The queue of messages that cannot be read, each with the reason in its headers.</summary>
    public string DeadLetters => $"{Queue}.dead";

    /// <summary>The journal's actor.</summary>
    public string Caller => $"queue {Queue}"[..Math.Min($"queue {Queue}".Length, 64)];

    /// <param name="reader">What the server was told.</param>
    /// <param name="broker">None: there is no broker.</param>
    internal static ScanQueueOptions? Read(SettingReader reader, Uri? broker)
    {
        if (reader.Text(ScanSettings.Queue) is not { } queue)
        {
            return null;
        }

        if (queue.Length > QueueLengthMax || queue.Any(char.IsControl))
        {
            reader.Wrong(
                ScanSettings.Queue,
                $"must be of 1 to {QueueLengthMax} characters, none of them a control character"
            );
            return null;
        }

        if (broker is null)
        {
            reader.Wrong(ScanSettings.Queue, $"is '{queue}', and {EventSettings.RabbitMq.Key} names no broker");
            return null;
        }

        return new(broker, queue);
    }
}
