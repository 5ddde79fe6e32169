namespace Inventory.Load.Http2;

/// <summary>The only headers of an answer that the client reads.</summary>
internal enum HeaderName : byte
{
    Other,
    GrpcStatus,
    GrpcMessage,
}

/// <param name="NameLength">Counts towards the table's size, as does the value.</param>
internal readonly record struct HeaderEntry(HeaderName Name, int NameLength, byte[] Value);

/// <summary>The dynamic table of answers' headers (RFC 7541, section 2.3.2), newest first.</summary>
internal sealed class HeaderTable
{
    private const int EntryOverhead = 32;
    private readonly List<HeaderEntry> entries = [];
    private int size;
    private int sizeMax = 4096;

    /// <param name="index">0 is the newest.</param>
    public HeaderEntry this[int index] => entries[entries.Count - 1 - index];

    public void Add(HeaderEntry entry)
    {
        entries.Add(entry);
        size += SizeOf(entry);
        Evict();
    }

    public void Resize(int sizeMax)
    {
        this.sizeMax = sizeMax;
        Evict();
    }

    private void Evict()
    {
        while (size > sizeMax)
        {
            size -= SizeOf(entries[0]);
            entries.RemoveAt(0);
        }
    }

    private static int SizeOf(HeaderEntry entry) => entry.NameLength + entry.Value.Length + EntryOverhead;
}
