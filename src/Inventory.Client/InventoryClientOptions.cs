using Grpc.Net.Client;

namespace Inventory.Client;

/// <summary>How a client reaches the server, and how long it tries.</summary>
public sealed record InventoryClientOptions
{
    /// <summary>The gRPC port of the server or of its balancer, such as <c>http://inventory:5080</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>
    /// How long a call may take with all its attempts, where the caller sets no deadline of its own. More than 0; 10
    /// seconds unless set. Streams have none: a watch ends when its reader does.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long one attempt may take before another is made, where that is safe. More than 0; 3 seconds unless set. A
    /// call that may not be repeated has the whole <see cref="Deadline"/>.
    /// </summary>
    public TimeSpan AttemptDeadline { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The most attempts of a call, the first one counted: 1 to 100, 8 unless set.</summary>
    public int AttemptsMax { get; init; } = 8;

    /// <summary>
    /// The pause before the second attempt, which doubles with each one, and is varied by chance. A delay that the
    /// server asks for goes before. More than 0; 50 milliseconds unless set.
    /// </summary>
    public TimeSpan PauseMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause, unless the server asks for more. 2 seconds unless set.</summary>
    public TimeSpan PauseMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The largest message taken, in bytes: a bulk update's answer may be large. 16 MiB unless set.</summary>
    public int MessageBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>A last word on the channel: certificates, credentials, a handler of one's own.</summary>
    public Action<GrpcChannelOptions>? ConfigureChannel { get; init; }

    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    internal void Check()
    {
        Check(
            Address.IsAbsoluteUri && Address.Scheme is "http" or "https",
            nameof(Address),
            "an http or https address"
        );
        Check(Deadline > TimeSpan.Zero, nameof(Deadline), "more than 0");
        Check(AttemptDeadline > TimeSpan.Zero, nameof(AttemptDeadline), "more than 0");
        Check(AttemptsMax is >= 1 and <= 100, nameof(AttemptsMax), "1 to 100");
        Check(PauseMin > TimeSpan.Zero, nameof(PauseMin), "more than 0");
        Check(PauseMax >= PauseMin, nameof(PauseMax), $"at least {nameof(PauseMin)}");
        Check(MessageBytesMax > 0, nameof(MessageBytesMax), "more than 0");
    }

    private static void Check(bool holds, string option, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(InventoryClientOptions)}.{option} must be {range}.");
        }
    }
}
