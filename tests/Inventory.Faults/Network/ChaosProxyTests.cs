using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Faults.Network;

[TestFixture]
public sealed class ChaosProxyTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(150);

    [Test]
    public async Task What_is_said_passes_both_ways_when_no_fault_is_set()
    {
        await using var echo = new EchoServer();
        await using var proxy = ChaosProxy.Start(echo.Port, Wire.Raw);
        using var client = await ConnectAsync(proxy);

        Assert.That(await AskAsync(client, "hello"), Is.EqualTo("hello"));
        Assert.That(proxy.OpenConnections, Is.EqualTo(1));
    }

    [Test]
    public async Task A_delay_holds_each_piece_back_in_either_direction()
    {
        await using var echo = new EchoServer();
        await using var proxy = ChaosProxy.Start(echo.Port, Wire.Raw);
        using var client = await ConnectAsync(proxy);
        proxy.Delay = TimeSpan.FromMilliseconds(60);

        var since = Stopwatch.GetTimestamp();
        var answer = await AskAsync(client, "hello");

        Assert.That(answer, Is.EqualTo("hello"));
        Assert.That(Stopwatch.GetElapsedTime(since), Is.GreaterThan(TimeSpan.FromMilliseconds(115)));
    }

    [Test]
    public async Task A_frozen_proxy_passes_nothing_until_it_thaws_and_loses_nothing()
    {
        await using var echo = new EchoServer();
        await using var proxy = ChaosProxy.Start(echo.Port, Wire.Raw);
        using var client = await ConnectAsync(proxy);
        await AskAsync(client, "before");

        proxy.Freeze();
        var answer = AskAsync(client, "hello");

        Assert.That(async () => await answer.WaitAsync(Silence), Throws.TypeOf<TimeoutException>());
        Assert.That(echo.Received, Is.EqualTo("before".Length));
        proxy.Thaw();
        Assert.That(await answer, Is.EqualTo("hello"));
    }

    [Test]
    public async Task What_is_dropped_vanishes_and_the_connection_stays_open()
    {
        await using var echo = new EchoServer();
        await using var proxy = ChaosProxy.Start(echo.Port, Wire.Raw);
        using var client = await ConnectAsync(proxy);
        await AskAsync(client, "before");

        proxy.Drop();
        var answer = AskAsync(client, "hello");

        Assert.That(async () => await answer.WaitAsync(Silence), Throws.TypeOf<TimeoutException>());
        Assert.That(echo.Received, Is.EqualTo("before".Length));
        Assert.That(echo.Ended.IsCompleted, Is.False);
    }

    [Test]
    public async Task After_a_half_close_the_client_reads_the_end_and_the_server_still_hears_it()
    {
        await using var echo = new EchoServer();
        await using var proxy = ChaosProxy.Start(echo.Port, Wire.Raw);
        using var client = await ConnectAsync(proxy);
        await AskAsync(client, "before");

        proxy.HalfClose();

        Assert.That(await AskAsync(client, "hello"), Is.Empty);
        await Eventually.TrueAsync(() => echo.Received == "before".Length + "hello".Length);
    }

    [Test]
    public async Task A_reset_reaches_both_sides()
    {
        await using var echo = new EchoServer();
        await using var proxy = ChaosProxy.Start(echo.Port, Wire.Raw);
        using var client = await ConnectAsync(proxy);
        await AskAsync(client, "before");

        proxy.Reset();

        Assert.That(
            async () => await ReadAsync(client),
            Throws.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionReset)
        );
        Assert.That(await echo.Ended.WaitAsync(Bound), Is.TypeOf<SocketException>());
        await Eventually.TrueAsync(() => proxy.OpenConnections == 0);
    }

    [Test]
    public async Task Connections_are_refused_until_they_are_admitted_again()
    {
        await using var echo = new EchoServer();
        await using var proxy = ChaosProxy.Start(echo.Port, Wire.Raw);

        await proxy.RefuseAsync();
        Assert.That(async () => await ConnectAsync(proxy), Throws.TypeOf<SocketException>());

        proxy.Admit();
        using var client = await ConnectAsync(proxy);
        Assert.That(await AskAsync(client, "hello"), Is.EqualTo("hello"));
    }

    [Test]
    public async Task An_orderly_end_passes_through()
    {
        await using var echo = new EchoServer();
        await using var proxy = ChaosProxy.Start(echo.Port, Wire.Raw);
        using var client = await ConnectAsync(proxy);
        await AskAsync(client, "before");

        client.Shutdown(SocketShutdown.Send);

        Assert.That(await echo.Ended.WaitAsync(Bound), Is.Null);
        Assert.That(await ReadAsync(client), Is.Empty);
    }

    private static async Task<Socket> ConnectAsync(ChaosProxy proxy)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, proxy.Port);
        return socket;
    }

    private static async Task<string> AskAsync(Socket client, string text)
    {
        await client.SendAsync(Encoding.ASCII.GetBytes(text));
        return await ReadAsync(client);
    }

    private static async Task<string> ReadAsync(Socket client)
    {
        var answer = new byte[1024];
        return Encoding.ASCII.GetString(answer, 0, await client.ReceiveAsync(answer));
    }
}
