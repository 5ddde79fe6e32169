using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Inventory.Server.Tests.Wire;

/// <summary>A connection that speaks HTTP/2 frame by frame, as no well-behaved client does.</summary>
internal sealed class RawHttp2 : IAsyncDisposable
{
    public const byte Headers = 1;
    public const byte ResetStream = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte Continuation = 9;
    public const byte EndHeaders = 4;

    private const int FrameHeaderSize = 9;
    private readonly TcpClient tcp = new() { NoDelay = true };
    private NetworkStream stream = null!;

    /// <summary>The headers of a gRPC call, in HPACK: two from its table, the rest as literals.</summary>
    public static byte[] CallHeaders(string path) =>
        [
            0x83,
            0x86,
            .. Literal(":path", path),
            .. Literal("content-type", "application/grpc"),
            .. Literal("te", "trailers"),
        ];

    /// <summary>A header that the table does not have.</summary>
    public static byte[] Literal(string name, string value) =>
        [
            0x00,
            (byte)name.Length,
            .. Encoding.ASCII.GetBytes(name),
            (byte)value.Length,
            .. Encoding.ASCII.GetBytes(value),
        ];

    public static byte[] Frame(byte type, byte flags, int streamId, params ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameHeaderSize + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)payload.Length);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), streamId);
        payload.CopyTo(frame.AsSpan(FrameHeaderSize));
        return frame;
    }

    public static async Task<RawHttp2> ConnectAsync(Uri server)
    {
        var connection = new RawHttp2();
        await connection.tcp.ConnectAsync(server.Host, server.Port);
        connection.stream = connection.tcp.GetStream();
        await connection.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await connection.SendAsync(Frame(Settings, 0, 0));
        return connection;
    }

    /// <summary>Whether the other side still took it.</summary>
    public async Task<bool> SendAsync(byte[] bytes)
    {
        try
        {
            await stream.WriteAsync(bytes);
            return true;
        }
        catch (IOException)
        {
            // It has closed the connection, which is what most tests here are after.
            return false;
        }
    }

    /// <summary>Reads until the other side closes.</summary>
    /// <returns>The error of its GOAWAY; none if it closed without one.</returns>
    public async Task<int?> ReadToEndAsync()
    {
        int? error = null;
        var head = new byte[FrameHeaderSize];
        try
        {
            while (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false) == head.Length)
            {
                var payload = new byte[(head[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(1))];
                await stream.ReadExactlyAsync(payload);
                if (head[3] == GoAway)
                {
                    error = BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(4));
                }
            }
        }
        catch (Exception e) when (e is IOException or EndOfStreamException)
        {
            // Closed with what we sent still unread.
        }

        return error;
    }

    public ValueTask DisposeAsync()
    {
        tcp.Dispose();
        return ValueTask.CompletedTask;
    }
}
