namespace Grpc.Core;

/// <summary>How a message is written.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>The message may wait in a buffer and leave with a later one.</summary>
    BufferHint = 0x1,

    /// <summary>The message leaves as it is, even where the call compresses.</summary>
    NoCompress = 0x2,
}

/// <summary>How messages are written.</summary>
public sealed class WriteOptions
{
    /// <summary>No flags.</summary>
    public static readonly WriteOptions Default = new();

    public WriteOptions(WriteFlags flags = default) => Flags = flags;

    public WriteFlags Flags { get; }
}
