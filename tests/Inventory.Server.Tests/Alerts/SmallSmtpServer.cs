using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Inventory.Server.Tests.Alerts;

/// <summary>Takes mail by SMTP (RFC 5321) as far as a client needs, and keeps it.</summary>
internal sealed class SmallSmtpServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    internal SmallSmtpServer()
    {
        listener.Start();
        running = RunAsync();
    }

    internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How many mails to turn away before the first is taken.</summary>
    internal int Refusals { get; set; }

    internal ConcurrentQueue<string> Mails { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await running;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stopping.Token);
                await ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 small");
        while (await reader.ReadLineAsync(stopping.Token) is { } line)
        {
            var verb = line.Split(' ')[0].ToUpperInvariant();
            if (verb == "DATA")
            {
                await TakeAsync(reader, writer);
                continue;
            }

            await writer.WriteLineAsync(verb == "QUIT" ? "221 bye" : "250 fine");
            if (verb == "QUIT")
            {
                return;
            }
        }
    }

    private async Task TakeAsync(StreamReader reader, StreamWriter writer)
    {
        await writer.WriteLineAsync("354 go on");
        var lines = new List<string>();
        while (await reader.ReadLineAsync(stopping.Token) is { } line && line != ".")
        {
            lines.Add(line);
        }

        if (Refusals-- > 0)
        {
            await writer.WriteLineAsync("451 later");
            return;
        }

        Mails.Enqueue(string.Join('\n', lines));
        await writer.WriteLineAsync("250 taken");
    }
}
