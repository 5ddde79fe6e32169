using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Inventory.Load.Http2;

/// <summary>
/// One HTTP/2 connection without TLS for gRPC calls of small messages: as little work a call as will do, so that the
/// processors are left to what is measured. Not thread-safe: one thread writes, flushes and receives.
/// </summary>
internal sealed class Http2Connection : IDisposable
{
    private const int ReceiveWindow = 1 << 30;
    private const int GrpcPrefix = 5;
    private const int GreetingMsMax = 20_000;

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly RequestHeaders requestHeaders;
    private readonly ResponseHeaders responseHeaders = new();
    private readonly OutputBuffer output = new();
    private readonly Dictionary<int, Call> open = [];
    private readonly Stack<Call> free = new();
    private readonly ICallAnswers answers;
    private byte[] input = new byte[256 * 1024];
    private int inputLength;
    private int nextStreamId = 1;
    private int streamWindow = 65_535;
    private long sendWindow = 65_535;
    private long received;
    private bool settled;

    /// <param name="streamsMax">Calls open at once: 100 is what servers commonly allow.</param>
    /// <param name="anonymous">Without a credential.</param>
    public Http2Connection(IPEndPoint server, int streamsMax, ICallAnswers answers, bool anonymous)
    {
        this.answers = answers;
        requestHeaders = new RequestHeaders(server.ToString(), anonymous);
        for (var i = 0; i < streamsMax; i++)
            free.Push(new Call());
        socket.NoDelay = true;
        socket.ReceiveTimeout = GreetingMsMax;
        socket.Connect(server);
        Greet();
        while (!settled)
            Receive();
        socket.Blocking = false;
    }

    public int Descriptor => (int)socket.SafeHandle.DangerousGetHandle();

    /// <summary>Whether the socket took less than it was given, and is to be flushed again when it has room.</summary>
    public bool HasUnsent => !output.IsEmpty;

    public bool IsIdle => open.Count == 0;

    /// <summary>Whether a call with a message of up to <paramref name="size"/> bytes can start now.</summary>
    public bool CanOpen(int size) => free.Count > 0 && sendWindow >= size + GrpcPrefix;

    public bool CanSend(Call call, int size) => Math.Min(sendWindow, call.SendWindow) >= size + GrpcPrefix;

    public Call Open(GrpcMethod method)
    {
        var call = free.Pop();
        call.Open(nextStreamId, streamWindow);
        nextStreamId += 2;
        open.Add(call.StreamId, call);
        requestHeaders.Append(method, call.StreamId, output);
        return call;
    }

    /// <summary>The slot that <see cref="Open"/> takes next.</summary>
    public Call NextSlot => free.Peek();

    /// <summary>Where the next message goes, so that it is encoded in its place.</summary>
    public Span<byte> MessageRoom(int sizeMax) =>
        output.Room(FrameHeader.Size + GrpcPrefix + sizeMax)[(FrameHeader.Size + GrpcPrefix)..];

    /// <summary>Completes the message that was written into <see cref="MessageRoom"/>.</summary>
    public void SendMessage(Call call, int length, bool last)
    {
        var frame = output.Room(FrameHeader.Size + GrpcPrefix + length);
        var flags = last ? FrameHeader.EndStream : (byte)0;
        new FrameHeader(GrpcPrefix + length, FrameType.Data, flags, call.StreamId).Write(frame);
        frame[FrameHeader.Size] = 0;
        BinaryPrimitives.WriteInt32BigEndian(frame[(FrameHeader.Size + 1)..], length);
        output.Advance(FrameHeader.Size + GrpcPrefix + length);
        sendWindow -= GrpcPrefix + length;
        call.SendWindow -= GrpcPrefix + length;
    }

    public void CloseSending(Call call) =>
        output.AppendFrame(new FrameHeader(0, FrameType.Data, FrameHeader.EndStream, call.StreamId), []);

    public void Flush()
    {
        while (!output.IsEmpty)
        {
            var sent = socket.Send(output.Unsent, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return;
            if (error != SocketError.Success)
                throw new IOException($"The server's connection failed: {error}.");
            output.Sent(sent);
        }
    }

    public void Receive()
    {
        if (input.Length - inputLength < 64 * 1024)
            Array.Resize(ref input, input.Length * 2);
        var received = socket.Receive(input.AsSpan(inputLength), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
            return;
        if (error != SocketError.Success || received == 0)
            throw new IOException($"The server closed the connection: {error}.");
        inputLength += received;

        var rest = input.AsSpan(0, inputLength);
        while (rest.Length >= FrameHeader.Size)
        {
            var header = FrameHeader.Read(rest);
            if (rest.Length < FrameHeader.Size + header.Length)
                break;
            OnFrame(header, rest.Slice(FrameHeader.Size, header.Length));
            rest = rest[(FrameHeader.Size + header.Length)..];
        }

        rest.CopyTo(input);
        inputLength = rest.Length;
    }

    public void Dispose() => socket.Dispose();

    private void Greet()
    {
        Span<byte> settings = stackalloc byte[12];
        BinaryPrimitives.WriteInt16BigEndian(settings, 0x2); // ENABLE_PUSH: none
        BinaryPrimitives.WriteInt16BigEndian(settings[6..], 0x4); // INITIAL_WINDOW_SIZE
        BinaryPrimitives.WriteInt32BigEndian(settings[8..], ReceiveWindow);
        settings[2..6].Clear();

        output.Append("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        output.AppendFrame(new FrameHeader(settings.Length, FrameType.Settings, 0, 0), settings);
        EnlargeWindow(0, ReceiveWindow);
        Flush();
    }

    private void OnFrame(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case FrameType.Data:
                OnData(header, payload);
                break;
            case FrameType.Headers:
                OnHeaders(header, payload);
                break;
            case FrameType.WindowUpdate:
                OnWindowUpdate(header.StreamId, BinaryPrimitives.ReadInt32BigEndian(payload));
                break;
            case FrameType.Settings when !header.Has(FrameHeader.Ack):
                OnSettings(payload);
                break;
            case FrameType.Ping when !header.Has(FrameHeader.Ack):
                output.AppendFrame(header with { Flags = FrameHeader.Ack }, payload);
                break;
            case FrameType.RstStream:
                Close(header.StreamId, -1, $"reset {BinaryPrimitives.ReadInt32BigEndian(payload)}");
                break;
            case FrameType.GoAway:
                throw new IOException($"The server goes away: {BinaryPrimitives.ReadInt32BigEndian(payload[4..])}.");
            case FrameType.Continuation or FrameType.PushPromise:
                throw new IOException($"The server sent {header.Type}, which this client does not read.");
        }
    }

    private void OnSettings(ReadOnlySpan<byte> settings)
    {
        for (; settings.Length >= 6; settings = settings[6..])
        {
            if (BinaryPrimitives.ReadInt16BigEndian(settings) == 0x4)
                streamWindow = BinaryPrimitives.ReadInt32BigEndian(settings[2..]);
        }

        settled = true;
        output.AppendFrame(new FrameHeader(0, FrameType.Settings, FrameHeader.Ack, 0), []);
    }

    private void OnWindowUpdate(int streamId, int increment)
    {
        if (streamId == 0)
            sendWindow += increment;
        else if (open.TryGetValue(streamId, out var call))
            call.SendWindow += increment;
    }

    private void OnHeaders(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (!header.Has(FrameHeader.EndHeaders) || header.Has(FrameHeader.Padded | FrameHeader.Priority))
            throw new IOException("The server sent headers in a form that this client does not read.");
        responseHeaders.Read(payload);
        if (header.Has(FrameHeader.EndStream))
            Close(header.StreamId, responseHeaders.GrpcStatus, responseHeaders.GrpcMessage);
    }

    private void OnData(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(FrameHeader.Padded))
            throw new IOException("The server sent padded data, which this client does not read.");
        received += payload.Length;
        if (received > ReceiveWindow / 2)
        {
            EnlargeWindow(0, (int)received);
            received = 0;
        }

        if (open.TryGetValue(header.StreamId, out var call))
            OnBody(call, payload);
        if (header.Has(FrameHeader.EndStream))
            Close(header.StreamId, -1, "ended without trailers");
    }

    private void OnBody(Call call, ReadOnlySpan<byte> body)
    {
        call.Received += body.Length;
        if (call.Received > ReceiveWindow / 2)
        {
            EnlargeWindow(call.StreamId, (int)call.Received);
            call.Received = 0;
        }

        var isPartial = !call.Partial.IsEmpty;
        if (isPartial)
            call.AppendPartial(body);
        var rest = isPartial ? call.Partial : body;
        while (rest.Length >= GrpcPrefix)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest[1..]);
            if (rest.Length < GrpcPrefix + length)
                break;
            if (rest[0] != 0)
                throw new IOException("The server compressed a message that was not asked compressed.");
            answers.Message(call, rest.Slice(GrpcPrefix, length));
            rest = rest[(GrpcPrefix + length)..];
        }

        if (isPartial)
            call.DropPartial(call.Partial.Length - rest.Length);
        else if (!rest.IsEmpty)
            call.AppendPartial(rest);
    }

    private void Close(int streamId, int grpcStatus, string grpcMessage)
    {
        if (!open.Remove(streamId, out var call))
            return;
        answers.End(call, grpcStatus, grpcMessage);
        free.Push(call);
    }

    private void EnlargeWindow(int streamId, int increment)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, increment);
        output.AppendFrame(new FrameHeader(4, FrameType.WindowUpdate, 0, streamId), payload);
    }
}
