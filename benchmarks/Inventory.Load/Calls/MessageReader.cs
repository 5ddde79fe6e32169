namespace Inventory.Load.Calls;

/// <summary>Finds the few fields of an answer that are needed, and skips the others.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> rest = message;

    /// <summary>
    /// The bytes of the first field of this number that is a text or message; empty when there is none.
    /// </summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> message, int field)
    {
        var reader = new MessageReader(message);
        while (reader.Next(out var number, out _, out var bytes))
        {
            if (number == field)
                return bytes;
        }

        return [];
    }

    /// <summary>
    /// The first field of this number that is a varint; 0, as protocol buffers have it, when there is none.
    /// </summary>
    public static long FindNumber(ReadOnlySpan<byte> message, int field)
    {
        var reader = new MessageReader(message);
        while (reader.Next(out var number, out var value, out _))
        {
            if (number == field)
                return (long)value;
        }

        return 0;
    }

    private bool Next(out int field, out ulong value, out ReadOnlySpan<byte> bytes)
    {
        field = 0;
        value = 0;
        bytes = [];
        if (rest.IsEmpty)
            return false;
        var tag = Varint();
        field = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                value = Varint();
                return true;
            case 1:
                rest = rest[8..];
                return true;
            case 2:
                var length = (int)Varint();
                bytes = rest[..length];
                rest = rest[length..];
                return true;
            case 5:
                rest = rest[4..];
                return true;
            default:
                throw new IOException("An answer is no protocol buffers message.");
        }
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = rest[0];
            rest = rest[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
