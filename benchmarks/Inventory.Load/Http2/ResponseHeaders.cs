using System.Buffers.Text;
using System.Text;

namespace Inventory.Load.Http2;

/// <summary>
/// Reads grpc-status out of answers' header blocks (RFC 7541). Huffman coding is not read: Kestrel never writes it, and
/// an answer that has it stops the run rather than being counted wrong.
/// </summary>
internal sealed class ResponseHeaders
{
    private const int StaticTableSize = 61;

    // Appendix A: how long each name of the static table is, for a literal that takes its name from there.
    private static readonly byte[] StaticNameLengths =
    [
        .. new byte[] { 10, 7, 7, 5, 5, 7, 7, 7, 7, 7, 7, 7, 7, 7, 14, 15, 15, 13, 6, 27 },
        .. new byte[] { 3, 5, 13, 13, 19, 16, 16, 14, 16, 13, 12, 6, 4, 4, 6, 7, 4, 4, 8, 17 },
        .. new byte[] { 13, 8, 19, 13, 4, 8, 12, 18, 19, 5, 7, 7, 11, 6, 10, 25, 17, 10, 4, 3, 16 },
    ];

    private readonly HeaderTable table = new();

    /// <summary>Of the latest block, or -1 where it had none.</summary>
    public int GrpcStatus { get; private set; }

    /// <summary>Of the latest block, percent-encoded as it came.</summary>
    public string GrpcMessage { get; private set; } = "";

    public void Read(ReadOnlySpan<byte> block)
    {
        GrpcStatus = -1;
        GrpcMessage = "";
        while (!block.IsEmpty)
        {
            var form = block[0];
            if ((form & 0x80) != 0)
                Indexed(Integer(ref block, 7));
            else if ((form & 0x40) != 0)
                table.Add(Literal(ref block, 6));
            else if ((form & 0x20) != 0)
                table.Resize(Integer(ref block, 5));
            else
                Literal(ref block, 4);
        }
    }

    private void Indexed(int index)
    {
        // The static table holds no header that is read here.
        if (index > StaticTableSize)
        {
            var entry = table[index - StaticTableSize - 1];
            Take(entry.Name, entry.Value);
        }
    }

    private HeaderEntry Literal(ref ReadOnlySpan<byte> block, int prefixBits)
    {
        var index = Integer(ref block, prefixBits);
        var (name, nameLength) = index switch
        {
            0 => Named(String(ref block)),
            <= StaticTableSize => (HeaderName.Other, StaticNameLengths[index - 1]),
            _ => (table[index - StaticTableSize - 1].Name, table[index - StaticTableSize - 1].NameLength),
        };
        var value = String(ref block);
        Take(name, value);
        return new HeaderEntry(name, nameLength, prefixBits == 6 ? value.ToArray() : []);
    }

    private static (HeaderName Name, int Length) Named(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("grpc-status"u8) ? (HeaderName.GrpcStatus, name.Length)
        : name.SequenceEqual("grpc-message"u8) ? (HeaderName.GrpcMessage, name.Length)
        : (HeaderName.Other, name.Length);

    private void Take(HeaderName name, ReadOnlySpan<byte> value)
    {
        if (name == HeaderName.GrpcStatus)
        {
            GrpcStatus = Utf8Parser.TryParse(value, out int status, out _)
                ? status
                : throw new IOException("A grpc-status is not a number.");
        }
        else if (name == HeaderName.GrpcMessage)
        {
            GrpcMessage = Encoding.ASCII.GetString(value);
        }
    }

    private static ReadOnlySpan<byte> String(ref ReadOnlySpan<byte> block)
    {
        if ((block[0] & 0x80) != 0)
            throw new IOException("The server writes Huffman-coded headers, which this client does not read.");
        var length = Integer(ref block, 7);
        var value = block[..length];
        block = block[length..];
        return value;
    }

    private static int Integer(ref ReadOnlySpan<byte> block, int prefixBits)
    {
        var mask = (1 << prefixBits) - 1;
        var value = block[0] & mask;
        var read = 1;
        if (value == mask)
        {
            for (var shift = 0; ; shift += 7)
            {
                var next = block[read++];
                value += (next & 0x7f) << shift;
                if ((next & 0x80) == 0)
                    break;
            }
        }

        block = block[read..];
        return value;
    }
}
