using System.Buffers;

namespace Grpc.Core;

/// <summary>Collects a message in an array when a marshaller of contextual functions is used as a simple one.</summary>
internal sealed class ArraySerializationContext : SerializationContext
{
    private ArrayBufferWriter<byte>? writer;
    private byte[]? payload;
    private int length;

    public byte[] Payload
    {
        get
        {
            if (payload is null)
                Throw.InvalidOperation("The serializer did not complete its message.");
            return payload!;
        }
    }

    public override void SetPayloadLength(int payloadLength) => length = payloadLength;

    public override IBufferWriter<byte> GetBufferWriter()
    {
        CheckOpen();
        return writer ??= length > 0 ? new ArrayBufferWriter<byte>(length) : new ArrayBufferWriter<byte>();
    }

    public override void Complete(byte[] payload)
    {
        CheckOpen();
        this.payload = payload;
    }

    public override void Complete() => Complete(writer is null ? [] : writer.WrittenSpan.ToArray());

    private void CheckOpen()
    {
        if (payload is not null)
            Throw.InvalidOperation("The message was completed before.");
    }
}

/// <summary>Gives a message that lies in an array.</summary>
internal sealed class ArrayDeserializationContext(byte[] payload) : DeserializationContext
{
    public override int PayloadLength => payload.Length;

    public override byte[] PayloadAsNewBuffer() => payload.AsSpan().ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(payload);
}
