using System.Buffers;

namespace Grpc.Core;

/// <summary>Gives one message as bytes, once: either as an array or as a sequence.</summary>
public abstract class DeserializationContext
{
    public abstract int PayloadLength { get; }

    /// <summary>A new array, the caller's to keep.</summary>
    public virtual byte[] PayloadAsNewBuffer() => Throw.NotImplemented<byte[]>("a payload as an array");

    /// <summary>Valid only until deserialization ends.</summary>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(PayloadAsNewBuffer());
}
