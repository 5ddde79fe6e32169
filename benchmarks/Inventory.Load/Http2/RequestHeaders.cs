using Inventory.Load.Stage;

namespace Inventory.Load.Http2;

/// <summary>
/// The header block of each call on one connection. As common gRPC clients do, a header goes out whole once, enters the
/// connection's dynamic table (RFC 7541), and is one byte from then on; nothing is ever evicted, for all of it is far
/// below the 4,096 bytes that every server must keep.
/// </summary>
internal sealed class RequestHeaders(string authority, bool anonymous)
{
    private const int StaticTableSize = 61;
    private const byte MethodPost = 0x83;
    private const byte SchemeHttp = 0x86;
    private const byte Indexed = 0x80;
    private const byte AddToTable = 0x40;

    private readonly HashSet<GrpcMethod> introduced = [];
    private readonly Dictionary<string, int> entries = [];
    private GrpcMethod? latest;
    private byte[] latestBlock = [];

    public void Append(GrpcMethod method, int streamId, OutputBuffer output)
    {
        if (method != latest)
        {
            latestBlock = Block(method);
            // A block that introduces a header is good for once.
            latest = introduced.Add(method) ? null : method;
        }

        output.AppendFrame(
            new FrameHeader(latestBlock.Length, FrameType.Headers, FrameHeader.EndHeaders, streamId),
            latestBlock
        );
    }

    private byte[] Block(GrpcMethod method)
    {
        List<byte> block = [MethodPost, SchemeHttp];
        Append(block, ":authority", authority, staticName: 1);
        Append(block, ":path", method.Path, staticName: 4);
        Append(block, "content-type", "application/grpc", staticName: 31);
        Append(block, "te", "trailers", staticName: 0);
        if (!anonymous)
        {
            Append(block, "authorization", $"Bearer {BenchKey.Secret}", staticName: 23);
        }

        return [.. block];
    }

    private void Append(List<byte> block, string name, string value, byte staticName)
    {
        var header = $"{name}: {value}";
        if (entries.TryGetValue(header, out var entry))
        {
            // The newest entry stands first behind the static table.
            block.Add((byte)(Indexed | (StaticTableSize + entries.Count - entry)));
            return;
        }

        block.Add((byte)(AddToTable | staticName));
        if (staticName == 0)
            Append(block, name);
        Append(block, value);
        entries.Add(header, entries.Count);
    }

    private static void Append(List<byte> block, string text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, 126);
        block.Add((byte)text.Length);
        block.AddRange(text.Select(letter => (byte)letter));
    }
}
