using System.Buffers.Binary;

namespace Inventory.Faults.Network;

/// <summary>Cuts a stream of PostgreSQL messages where one ends and the next begins.</summary>
internal sealed class MessageBuffer
{
    private byte[] bytes = new byte[64 * 1024];
    private int start;
    private int end;

    public void Add(ReadOnlySpan<byte> chunk)
    {
        if (bytes.Length - end < chunk.Length)
        {
            var waiting = bytes.AsSpan(start, end - start);
            var larger =
                waiting.Length + chunk.Length > bytes.Length ? new byte[(waiting.Length + chunk.Length) * 2] : bytes;
            waiting.CopyTo(larger);
            (bytes, start, end) = (larger, 0, waiting.Length);
        }

        chunk.CopyTo(bytes.AsSpan(end));
        end += chunk.Length;
    }

    /// <summary>The next whole message after its header, valid until the next <see cref="Add"/>.</summary>
    public bool TryTake(int header, out ReadOnlyMemory<byte> message)
    {
        message = default;
        var waiting = bytes.AsSpan(start, end - start);
        if (waiting.Length < header + 4)
        {
            return false;
        }

        var length = header + BinaryPrimitives.ReadInt32BigEndian(waiting[header..]);
        return waiting.Length >= length && TryTakeBytes(length, out message);
    }

    public bool TryTakeBytes(int count, out ReadOnlyMemory<byte> taken)
    {
        taken = default;
        if (end - start < count)
        {
            return false;
        }

        taken = bytes.AsMemory(start, count);
        start += count;
        return true;
    }
}
