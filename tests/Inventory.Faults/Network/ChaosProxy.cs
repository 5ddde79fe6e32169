using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Inventory.Faults.Network;

/// <summary>Stands between a client and a server on loopback, and breaks connections as networks do.</summary>
public sealed class ChaosProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ProxiedConnection, Task> open = new();
    private readonly CancellationTokenSource stopped = new();
    private readonly IPEndPoint target;
    private readonly IPEndPoint address;
    private Socket listener;
    private Task accepting;
    private volatile TaskCompletionSource? frozen;
    private Trap? trap;

    private ChaosProxy(int targetPort, Wire wire)
    {
        Wire = wire;
        target = new IPEndPoint(IPAddress.Loopback, targetPort);
        listener = Listen(new IPEndPoint(IPAddress.Loopback, 0));
        address = (IPEndPoint)listener.LocalEndPoint!;
        accepting = AcceptAsync(listener);
    }

    /// <summary>Where clients connect to instead of the server.</summary>
    public int Port => address.Port;

    public Wire Wire { get; }

    /// <summary>Added before each piece passes, in either direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Puts another text in the place of a statement that is being prepared; what is prepared stays.</summary>
    public Func<string, string>? Rewrite { get; set; }

    public int OpenConnections => open.Count;

    public static ChaosProxy Start(int targetPort, Wire wire) => new(targetPort, wire);

    /// <summary>A black hole: connections open and stay open, and nothing passes until <see cref="Thaw"/>.</summary>
    public void Freeze() => frozen ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What waited passes, late.</summary>
    public void Thaw() => Interlocked.Exchange(ref frozen, null)?.TrySetResult();

    /// <summary>What is sent from now on vanishes, on every connection that is open now.</summary>
    public void Drop() => OnEach(connection => connection.Silence());

    /// <summary>Clients read the end of the stream on every open connection; the server knows nothing of it.</summary>
    public void HalfClose() => OnEach(connection => connection.HalfClose());

    /// <summary>Every connection that is open now gets a reset, on both sides.</summary>
    public void Reset() => OnEach(connection => connection.Reset());

    /// <summary>New connections are refused until <see cref="Admit"/>.</summary>
    public async Task RefuseAsync()
    {
        listener.Dispose();
        await accepting;
    }

    public void Admit()
    {
        listener = Listen(address);
        accepting = AcceptAsync(listener);
    }

    /// <summary>The server does the next request that holds such a statement, and its answer reaches nobody.</summary>
    /// <returns>Whether the server did it, once it has answered; false when its answer was an error.</returns>
    public Task<bool> SwallowAnswer(Func<string, bool> statement, Afterwards afterwards = Afterwards.Reset) =>
        Set(new Trap(statement, losesRequest: false, afterwards));

    /// <summary>The next request that holds such a statement doesn't reach the server from that statement on.</summary>
    public Task LoseRequest(Func<string, bool> statement, Afterwards afterwards = Afterwards.Reset) =>
        Set(new Trap(statement, losesRequest: true, afterwards));

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        Thaw();
        await RefuseAsync();
        OnEach(connection => connection.Dispose());
        await Task.WhenAll(open.Values);
        stopped.Dispose();
    }

    internal Trap? Claim(string sql)
    {
        var set = trap;
        return set is not null && set.Matches(sql) && Interlocked.CompareExchange(ref trap, null, set) == set
            ? set
            : null;
    }

    internal string Rewritten(string sql) => Rewrite?.Invoke(sql) ?? sql;

    internal async Task PassageAsync(CancellationToken cancellation)
    {
        if (Delay > TimeSpan.Zero)
        {
            await Task.Delay(Delay, cancellation);
        }

        if (frozen is { } wall)
        {
            await wall.Task.WaitAsync(cancellation);
        }
    }

    private Task<bool> Set(Trap next)
    {
        if (Wire != Wire.Postgres || Interlocked.CompareExchange(ref trap, next, null) is not null)
        {
            throw new InvalidOperationException("One trap at a time, on a proxy that reads PostgreSQL's protocol.");
        }

        return next.Sprung;
    }

    private void OnEach(Action<ProxiedConnection> fault)
    {
        foreach (var connection in open.Keys)
        {
            try
            {
                fault(connection);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It ended by itself a moment ago.
            }
        }
    }

    private async Task AcceptAsync(Socket listening)
    {
        try
        {
            while (true)
            {
                var client = await listening.AcceptAsync(stopped.Token);
                client.NoDelay = true;
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The proxy refuses from here on.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var connection = new ProxiedConnection(this, client, server);
        try
        {
            await server.ConnectAsync(target, stopped.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The client learns by a reset that nobody is there.
            connection.Reset();
            return;
        }

        var done = new TaskCompletionSource();
        open[connection] = done.Task;
        try
        {
            await connection.RunAsync();
            open.TryRemove(connection, out _);
            done.SetResult();
        }
        catch (Exception e)
        {
            // Not a fault that was asked for: it stays here, and whoever disposes the proxy meets it.
            done.SetException(e);
        }
    }

    private static Socket Listen(IPEndPoint at)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(at);
        socket.Listen();
        return socket;
    }
}
