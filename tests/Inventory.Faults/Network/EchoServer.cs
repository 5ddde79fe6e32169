using System.Net;
using System.Net.Sockets;

namespace Inventory.Faults.Network;

/// <summary>A server that answers with what it is told, and remembers what reached it.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly Task serving;
    private readonly TaskCompletionSource<Exception?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int received;

    public EchoServer()
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    public int Received => Volatile.Read(ref received);

    /// <summary>How its connection ended: null for an orderly end.</summary>
    public Task<Exception?> Ended => ended.Task;

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            using var client = await listener.AcceptAsync();
            var chunk = new byte[1024];
            while (await client.ReceiveAsync(chunk) is > 0 and var count)
            {
                Interlocked.Add(ref received, count);
                await client.SendAsync(chunk.AsMemory(0, count));
            }

            ended.SetResult(null);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test asks how it ended.
            ended.SetResult(e);
        }
    }
}
