namespace Inventory.Load.Http2;

/// <summary>What is to be written: frames of many calls, so that one system call sends them all.</summary>
internal sealed class OutputBuffer
{
    private byte[] bytes = new byte[64 * 1024];
    private int start;

    public int End { get; private set; }

    public ReadOnlySpan<byte> Unsent => bytes.AsSpan(start, End - start);

    public bool IsEmpty => start == End;

    /// <summary>
    /// Room for at least <paramref name="size"/> bytes at <see cref="End"/>; nothing is added until <see
    /// cref="Advance"/>.
    /// </summary>
    public Span<byte> Room(int size)
    {
        if (bytes.Length - End < size)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, End + size));
        return bytes.AsSpan(End);
    }

    public void Advance(int size) => End += size;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Advance(bytes.Length);
    }

    public void AppendFrame(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        header.Write(Room(FrameHeader.Size));
        Advance(FrameHeader.Size);
        Append(payload);
    }

    public void Sent(int size)
    {
        start += size;
        if (start == End)
            start = End = 0;
    }
}
