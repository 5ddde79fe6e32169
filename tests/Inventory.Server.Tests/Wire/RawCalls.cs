using System.IO.Compression;
using Grpc.Core;

namespace Inventory.Server.Tests.Wire;

/// <summary>Calls whose bytes are the test's own: what no generated client would send.</summary>
internal static class RawCalls
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static Task<byte[]> SendAsync(
        this ChannelBase channel,
        string method,
        byte[] message,
        string service = "inventory.v1.ReservationService",
        Metadata? headers = null
    )
    {
        var raw = new Method<byte[], byte[]>(MethodType.Unary, service, method, Bytes, Bytes);
        return channel
            .CreateCallInvoker()
            .AsyncUnaryCall(raw, null, new CallOptions(headers, deadline: null), message)
            .ResponseAsync;
    }

    /// <summary>A gRPC frame that says it is gzip.</summary>
    public static byte[] GzipFrame(byte[] message)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(message);
        }

        var body = packed.ToArray();
        var frame = new byte[5 + body.Length];
        frame[0] = 1;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), body.Length);
        body.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>Posts a frame as it is and reads the status.</summary>
    public static async Task<(StatusCode Code, string Detail)> PostAsync(
        Uri server,
        string path,
        byte[] frame,
        string encoding
    )
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path))
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.TE.Add(new("trailers"));
        request.Headers.Add("grpc-encoding", encoding);
        using var response = await http.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        var trailers = response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;
        var detail = trailers.TryGetValues("grpc-message", out var text) ? Uri.UnescapeDataString(text.Single()) : "";
        return ((StatusCode)int.Parse(trailers.GetValues("grpc-status").Single(), null), detail);
    }
}
