using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Inventory.Load.Floods;

/// <summary>Runs a flood until it is disposed of: one thread, loopback, at the flood's own pace.</summary>
internal sealed class Attack : IAsyncDisposable
{
    private const int ConnectionsMax = 500;
    private static readonly byte[] Greeting = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];

    private readonly IPEndPoint server;
    private readonly Flood flood;
    private readonly CancellationTokenSource stopping = new();
    private readonly byte[] unread = new byte[64 * 1024];
    private readonly Queue<Socket> waiting = new();
    private readonly Task running;

    public Attack(IPEndPoint server, Flood flood)
    {
        (this.server, this.flood) = (server, flood);
        running = Task.Factory.StartNew(Run, TaskCreationOptions.LongRunning);
    }

    public long Bursts { get; private set; }

    /// <summary>How often the server has closed a connection, or taken nothing more on it.</summary>
    public long Closed { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private void Run()
    {
        Socket? socket = null;
        var began = Stopwatch.GetTimestamp();
        var onThis = 0;
        while (!stopping.IsCancellationRequested)
        {
            if (Stopwatch.GetElapsedTime(began).TotalSeconds * flood.BurstsPerSecond <= Bursts)
            {
                stopping.Token.WaitHandle.WaitOne(1);
                continue;
            }

            if (socket is null)
            {
                (socket, onThis) = (Connect(), 0);
            }

            Bursts++;
            if (!Send(socket, flood.Burst(onThis++)))
            {
                Closed++;
                socket.Dispose();
                socket = null;
            }
            else if (flood.IsPatient)
            {
                Keep(socket);
                socket = null;
            }
        }

        socket?.Dispose();
        while (waiting.TryDequeue(out var kept))
        {
            kept.Dispose();
        }
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            SendTimeout = 100,
        };
        socket.Connect(server);
        socket.Send(Greeting);
        return socket;
    }

    private void Keep(Socket socket)
    {
        waiting.Enqueue(socket);
        if (waiting.Count > ConnectionsMax)
        {
            waiting.Dequeue().Dispose();
        }
    }

    /// <summary>What the server answers is read and forgotten, so that it is not the answers that stop it.</summary>
    private bool Send(Socket socket, byte[] burst)
    {
        try
        {
            socket.Send(burst);
            while (socket.Available > 0)
            {
                socket.Receive(unread);
            }

            return !socket.Poll(0, SelectMode.SelectRead) || socket.Available > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
