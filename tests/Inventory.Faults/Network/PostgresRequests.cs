using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;

namespace Inventory.Faults.Network;

/// <summary>Follows what a client sends, so that it is known which statements an answer will be about.</summary>
internal sealed class PostgresRequests(Func<string, Trap?> claim, Func<string, string> rewrite)
{
    private const int SslRequest = 80877103;
    private const int CancelRequest = 80877102;
    private const int GssEncryptionRequest = 80877104;

    private readonly MessageBuffer buffer = new();
    private readonly Dictionary<string, string> prepared = [];
    private bool open;
    private Trap? swallowing;

    /// <summary>Requests whose answers have not ended yet, oldest first.</summary>
    public ConcurrentQueue<Cycle> Pending { get; } = new();

    /// <summary>Requests for encryption, each answered by a single byte.</summary>
    public ConcurrentQueue<int> Negotiations { get; } = new();

    /// <summary>Gives each whole message to <paramref name="pass"/>; stops before the one that a trap loses.</summary>
    /// <returns>The trap that lost a request.</returns>
    public Trap? Read(ReadOnlySpan<byte> chunk, Action<ReadOnlyMemory<byte>> pass)
    {
        buffer.Add(chunk);
        while (buffer.TryTake(open ? 1 : 0, out var message))
        {
            if ((open ? Follow(message.Span) : FollowOpening(message.Span)) is { } trap)
            {
                return trap;
            }

            pass(open && message.Span[0] == 'P' ? Rewrite(message) : message);
        }

        return null;
    }

    /// <summary>A Parse message: its name, its statement, and the types of its parameters.</summary>
    private ReadOnlyMemory<byte> Rewrite(ReadOnlyMemory<byte> message)
    {
        var body = message.Span[5..];
        var nameSize = body.IndexOf((byte)0) + 1;
        var sql = Text(body[nameSize..]);
        var rewritten = rewrite(sql);
        if (rewritten == sql)
        {
            return message;
        }

        var types = body[(nameSize + Encoding.UTF8.GetByteCount(sql) + 1)..];
        var length = 4 + nameSize + Encoding.UTF8.GetByteCount(rewritten) + 1 + types.Length;
        var next = new byte[1 + length];
        next[0] = (byte)'P';
        BinaryPrimitives.WriteInt32BigEndian(next.AsSpan(1), length);
        body[..nameSize].CopyTo(next.AsSpan(5));
        Encoding.UTF8.GetBytes(rewritten, next.AsSpan(5 + nameSize));
        types.CopyTo(next.AsSpan(next.Length - types.Length));
        return next;
    }

    private Trap? FollowOpening(ReadOnlySpan<byte> message)
    {
        switch (BinaryPrimitives.ReadInt32BigEndian(message[4..]))
        {
            case SslRequest or GssEncryptionRequest:
                Negotiations.Enqueue(1);
                break;
            case CancelRequest:
                break;
            default:
                open = true;
                Pending.Enqueue(new Cycle(null));
                break;
        }

        return null;
    }

    private Trap? Follow(ReadOnlySpan<byte> message)
    {
        var body = message[5..];
        switch (message[0])
        {
            case (byte)'P':
                var name = Text(body);
                prepared[name] = Text(body[(Encoding.UTF8.GetByteCount(name) + 1)..]);
                return null;
            case (byte)'B':
                var portal = Text(body);
                var statement = Text(body[(Encoding.UTF8.GetByteCount(portal) + 1)..]);
                return Meet(prepared.GetValueOrDefault(statement, ""));
            case (byte)'Q':
                var lost = Meet(Text(body));
                EndCycle();
                return lost;
            case (byte)'S':
                EndCycle();
                return null;
            default:
                return null;
        }
    }

    private Trap? Meet(string sql)
    {
        var trap = claim(sql);
        if (trap is { LosesRequest: true })
        {
            return trap;
        }

        swallowing ??= trap;
        return null;
    }

    private void EndCycle()
    {
        Pending.Enqueue(new Cycle(swallowing));
        swallowing = null;
    }

    private static string Text(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(body[..body.IndexOf((byte)0)]);
}
