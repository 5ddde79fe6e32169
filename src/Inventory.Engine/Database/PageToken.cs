using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Inventory.Engine.Database;

/// <summary>
/// Where a list in the order of a number or a text stands: what follows lies behind this place. As text it is opaque,
/// and names the list that it was made for, so that it serves no other.
/// </summary>
/// <param name="Number">The number of the last row, or what tells apart those of one text.</param>
/// <param name="Text">The text of the last row; empty where the order has none.</param>
internal sealed record PageToken(long Number, string Text)
{
    private const byte Format = 1;
    private const int HeadSize = 1 + sizeof(long) + sizeof(long);

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <param name="list">The fingerprint of filter and order.</param>
    internal string Write(long list)
    {
        var bytes = new byte[HeadSize + Strict.GetByteCount(Text)];
        bytes[0] = Format;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), list);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(9), Number);
        Strict.GetBytes(Text, bytes.AsSpan(HeadSize));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a token. Anybody may have made it up: what the database can't take is none.</summary>
    /// <param name="token">As a caller sent it.</param>
    /// <param name="list">The fingerprint of filter and order.</param>
    /// <param name="place">Where it stands.</param>
    internal static bool TryRead(string token, long list, [NotNullWhen(true)] out PageToken? place)
    {
        place = null;
        if (!Base64Url.IsValid(token, out var size) || size < HeadSize)
        {
            return false;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes[0] != Format || BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1)) != list)
        {
            return false;
        }

        try
        {
            var text = Strict.GetString(bytes, HeadSize, size - HeadSize);
            place = new(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(9)), text);
            // Within what is a time, which an order may be by.
            return !text.Contains('\0', StringComparison.Ordinal)
                && place.Number >= 0
                && place.Number <= DateTime.MaxValue.Ticks;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
