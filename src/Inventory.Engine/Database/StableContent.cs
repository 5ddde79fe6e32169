using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Inventory.Engine.Database;

/// <summary>
/// Content in one unmistakable form, and its hashes. They are compared with what is stored, so the form is stable for
/// ever: texts have their length before them, numbers are eight bytes.
/// </summary>
/// <param name="initial">Where the content is gathered while it fits.</param>
internal ref struct StableContent(Span<byte> initial)
{
    /// <summary>Room for what most requests are.</summary>
    internal const int StackMax = 1_024;

    private Span<byte> buffer = initial;
    private int length;

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

    /// <summary>A number that may be missing, which no number is equal to.</summary>
    internal void Number(long? number)
    {
        Number(number is null ? 0L : 1L);
        Number(number ?? 0L);
    }

    /// <summary>Yes or no, or neither.</summary>
    internal void Flag(bool? flag) =>
        Number(
            flag is null ? null
            : flag.Value ? 1L
            : 0L
        );

    /// <summary>The first 16 bytes of SHA-256 as a UUIDv8 (RFC 9562).</summary>
    internal readonly Guid ToId()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer[..length], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>The first 8 bytes of SHA-256.</summary>
    internal readonly long ToFingerprint()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer[..length], hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }

    private void Reserve(int size)
    {
        if (buffer.Length - length < size)
        {
            var larger = new byte[Math.Max(buffer.Length * 2, length + size)];
            buffer[..length].CopyTo(larger);
            buffer = larger;
        }
    }
}
