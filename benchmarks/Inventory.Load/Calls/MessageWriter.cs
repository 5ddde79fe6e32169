using System.Buffers.Text;

namespace Inventory.Load.Calls;

/// <summary>
/// Protocol buffers by hand, straight into the frame. Its field numbers are those of the generated code.
/// </summary>
internal ref struct MessageWriter(Span<byte> bytes)
{
    private const int Varint = 0;
    private const int Delimited = 2;

    private readonly Span<byte> bytes = bytes;

    public int Length { get; private set; }

    public void Number(int field, long value)
    {
        Append((ulong)((field << 3) | Varint));
        Append((ulong)value);
    }

    public void Text(int field, ReadOnlySpan<byte> utf8)
    {
        Append((ulong)((field << 3) | Delimited));
        Append((ulong)utf8.Length);
        utf8.CopyTo(bytes[Length..]);
        Length += utf8.Length;
    }

    /// <summary>A prefix and a number of twelve digits.</summary>
    public void Text(int field, ReadOnlySpan<byte> prefix, long number)
    {
        Append((ulong)((field << 3) | Delimited));
        Append((ulong)prefix.Length + 12);
        prefix.CopyTo(bytes[Length..]);
        Length += prefix.Length;
        Utf8Formatter.TryFormat(number, bytes[Length..], out var written, new('D', 12));
        Length += written;
    }

    /// <summary>Begins a message within this one, of fewer than 128 bytes.</summary>
    /// <returns>What <see cref="End"/> needs.</returns>
    public int Begin(int field)
    {
        Append((ulong)((field << 3) | Delimited));
        return Length++;
    }

    public void End(int begun)
    {
        var length = Length - begun - 1;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 127);
        bytes[begun] = (byte)length;
    }

    private void Append(ulong value)
    {
        for (; value > 0x7f; value >>= 7)
            bytes[Length++] = (byte)(value | 0x80);
        bytes[Length++] = (byte)value;
    }
}
