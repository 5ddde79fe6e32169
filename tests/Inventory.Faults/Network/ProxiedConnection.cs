using System.Net.Sockets;

namespace Inventory.Faults.Network;

/// <summary>One client's connection and the connection to the server that stands behind it.</summary>
internal sealed class ProxiedConnection(ChaosProxy proxy, Socket client, Socket server) : IDisposable
{
    private readonly PostgresRequests requests = new(proxy.Claim, proxy.Rewritten);
    private readonly CancellationTokenSource ended = new();
    private volatile bool silent;
    private volatile bool deaf;

    /// <summary>Lasts until both directions have ended, or a fault has ended them.</summary>
    public async Task RunAsync()
    {
        var answers = new PostgresAnswers(requests);
        try
        {
            await Task.WhenAll(
                PumpOrEndAsync(client, server, requests.Read, () => silent),
                PumpOrEndAsync(server, client, answers.Read, () => silent || deaf)
            );
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Both sides keep their connection, and nothing passes on it again.</summary>
    public void Silence() => silent = true;

    /// <summary>The client reads the end of the stream, while what it sends still arrives.</summary>
    public void HalfClose()
    {
        deaf = true;
        client.Shutdown(SocketShutdown.Send);
    }

    public void Reset()
    {
        // A close that lingers for no time at all is a reset.
        client.LingerState = new LingerOption(true, 0);
        server.LingerState = new LingerOption(true, 0);
        Dispose();
    }

    public void Dispose()
    {
        ended.Cancel();
        client.Dispose();
        server.Dispose();
    }

    private async Task PumpOrEndAsync(
        Socket from,
        Socket to,
        Func<ReadOnlySpan<byte>, Action<ReadOnlyMemory<byte>>, Trap?> read,
        Func<bool> isCut
    )
    {
        try
        {
            await PumpAsync(from, to, read, isCut);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side is gone; the other must not wait for it.
            Dispose();
        }
    }

    private async Task PumpAsync(
        Socket from,
        Socket to,
        Func<ReadOnlySpan<byte>, Action<ReadOnlyMemory<byte>>, Trap?> read,
        Func<bool> isCut
    )
    {
        var chunk = new byte[64 * 1024];
        using var passing = new MemoryStream();
        while (await from.ReceiveAsync(chunk, ended.Token) is > 0 and var count)
        {
            await proxy.PassageAsync(ended.Token);
            passing.SetLength(0);
            Trap? sprung = null;
            if (proxy.Wire == Wire.Postgres)
            {
                sprung = read(chunk.AsSpan(0, count), message => passing.Write(message.Span));
            }
            else
            {
                passing.Write(chunk, 0, count);
            }

            if (!isCut())
            {
                await SendAsync(to, passing);
            }

            if (sprung is not null)
            {
                End(sprung);
            }
        }

        if (!isCut())
        {
            to.Shutdown(SocketShutdown.Send);
        }
    }

    private async Task SendAsync(Socket to, MemoryStream passing)
    {
        var rest = passing.GetBuffer().AsMemory(0, (int)passing.Length);
        while (rest.Length > 0)
        {
            rest = rest[await to.SendAsync(rest, ended.Token)..];
        }
    }

    private void End(Trap sprung)
    {
        if (sprung.LosesRequest)
        {
            sprung.Spring(done: false);
        }

        if (sprung.Afterwards == Afterwards.Silence)
        {
            Silence();
        }
        else
        {
            Reset();
        }
    }
}
