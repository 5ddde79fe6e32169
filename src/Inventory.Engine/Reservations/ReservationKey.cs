using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Derives identities: the reservation's id from who asks under which request id, and a fingerprint of what is asked. Both are stable for
/// ever: they are compared with what is stored.
/// </summary>
internal static class ReservationKey
{
    private const int StackMax = 1_024;

    /// <summary>SHA-256 over the length-prefixed caller and request id, the first 16 bytes of it as a UUIDv8 (RFC 9562).</summary>
    internal static Guid Id(string caller, string requestId)
    {
        Span<byte> content = stackalloc byte[StackMax];
        var writer = new Writer(content);
        writer.Text(caller);
        writer.Text(requestId);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(writer.Written, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>
    /// 8 bytes of SHA-256 over the request as asked: order, hold, and the lines summed by SKU and warehouse, in the order of their names.
    /// Not over its allocation, which may differ from try to try.
    /// </summary>
    /// <param name="request">What is asked.</param>
    /// <param name="demands">Its lines, summed and ordered.</param>
    internal static long Fingerprint(ReserveRequest request, IReadOnlyList<ReserveLine> demands)
    {
        Span<byte> content = stackalloc byte[StackMax];
        var writer = new Writer(content);
        writer.Text(request.OrderId ?? "");
        writer.Number(request.HoldMs);
        foreach (var line in demands)
        {
            writer.Text(line.Sku);
            writer.Text(line.Warehouse ?? "");
            writer.Number(line.Quantity);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(writer.Written, hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }

    private ref struct Writer(Span<byte> initial)
    {
        private Span<byte> buffer = initial;
        private int length;

        internal readonly ReadOnlySpan<byte> Written => buffer[..length];

        internal void Text(string text)
        {
            var size = Encoding.UTF8.GetByteCount(text);
            Reserve(size + sizeof(int));
            BinaryPrimitives.WriteInt32BigEndian(buffer[length..], size);
            length += sizeof(int);
            length += Encoding.UTF8.GetBytes(text, buffer[length..]);
        }

        internal void Number(long number)
        {
            Reserve(sizeof(long));
            BinaryPrimitives.WriteInt64BigEndian(buffer[length..], number);
            length += sizeof(long);
        }

        private void Reserve(int size)
        {
            if (buffer.Length - length < size)
            {
                var larger = new byte[Math.Max(buffer.Length * 2, length + size)];
                Written.CopyTo(larger);
                buffer = larger;
            }
        }
    }
}
