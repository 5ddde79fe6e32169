using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Where a list stands: what follows is what lies before this place. Its token names the filter too, so that it serves
/// no other.
/// </summary>
/// <param name="Number">A journal position, or a time in ticks, UTC.</param>
/// <param name="Id">Of those with one time, the reservation.</param>
internal readonly record struct ListPlace(long Number, Guid Id)
{
    private const byte Format = 1;
    private const int Size = 1 + sizeof(long) + sizeof(long) + 16;

    /// <summary>Behind all journal rows.</summary>
    internal static readonly ListPlace LastPosition = new(long.MaxValue, Guid.Empty);

    /// <summary>Behind all times.</summary>
    internal static readonly ListPlace LastTime = new(DateTime.MaxValue.Ticks, Guid.AllBitsSet);

    /// <summary>The number as a time. The greatest stands for infinity.</summary>
    internal DateTime Time => new(Number, DateTimeKind.Utc);

    internal string ToToken(long filter)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Format;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], filter);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], Number);
        Id.TryWriteBytes(bytes[17..]);
        return Base64Url.EncodeToString(bytes);
    }

    internal static bool TryParse(string token, long filter, out ListPlace place)
    {
        place = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (
            Base64Url.DecodeFromChars(token, bytes, out _, out var size) != OperationStatus.Done
            || size != Size
            || bytes[0] != Format
            || BinaryPrimitives.ReadInt64BigEndian(bytes[1..]) != filter
        )
        {
            return false;
        }

        var number = BinaryPrimitives.ReadInt64BigEndian(bytes[9..]);
        place = new ListPlace(number, new Guid(bytes[17..]));
        // Within what is a time; no position comes near its end.
        return number >= 0 && number <= DateTime.MaxValue.Ticks;
    }
}
