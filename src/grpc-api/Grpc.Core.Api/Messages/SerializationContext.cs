using System.Buffers;

namespace Grpc.Core;

/// <summary>Takes one message as bytes: either a whole array, or a writer that is then completed.</summary>
public abstract class SerializationContext
{
    /// <summary>Hands the whole message over. The array is not touched again by the caller.</summary>
    public virtual void Complete(byte[] payload) => Throw.NotImplemented<object>("a payload as an array");

    /// <summary>A writer for the message; <see cref="Complete()"/> ends it.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() =>
        Throw.NotImplemented<IBufferWriter<byte>>("a payload as a buffer writer");

    /// <summary>Said before the first byte, it spares a copy.</summary>
    public virtual void SetPayloadLength(int payloadLength) => Throw.NotImplemented<object>("a payload's length");

    /// <summary>Ends a message that was written to the buffer writer.</summary>
    public virtual void Complete() => Throw.NotImplemented<object>("the end of a buffered payload");
}
