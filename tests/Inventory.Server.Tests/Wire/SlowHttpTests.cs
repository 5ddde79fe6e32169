using System.Net.Sockets;
using System.Text;
using Inventory.Server.Tests.Rest;
using NUnit.Framework;

namespace Inventory.Server.Tests.Wire;

/// <summary>Callers of the HTTP port who begin and never end, from sockets of their own.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class SlowHttpTests : RestFixture
{
    private static readonly TimeSpan GivenUpWithin = TimeSpan.FromSeconds(60);

    [TestCase("GET /alive HTTP/1.1\r\nHost: x\r\nX-Slow: ")]
    [TestCase("GET /ali")]
    [TestCase(
        "POST /v1/reservations HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )]
    public async Task What_begins_and_does_not_go_on_is_given_up(string begun)
    {
        using var slow = await BeginAsync(begun);
        using var reader = new StreamReader(slow.GetStream());

        var answer = await reader.ReadToEndAsync().WaitAsync(GivenUpWithin);

        Assert.That(answer, Is.Empty.Or.StartsWith("HTTP/1.1 408"));
        Assert.That((await Get("/alive")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Three_hundred_who_do_not_go_on_keep_nobody_from_being_served()
    {
        var slow = new List<TcpClient>();
        for (var i = 0; i < 300; i++)
        {
            slow.Add(await BeginAsync("GET /alive HTTP/1.1\r\nHost: x\r\n"));
        }

        var alive = await Get("/alive");
        var held = await Hold(await Given.Stock(onHand: 1));

        Assert.That((alive.Status, held.State), Is.EqualTo((200, V1.ReservationState.Held)));
        slow.ForEach(s => s.Dispose());
    }

    [TestCase("X-Correlation-Id: a\rSet-Cookie: x=y")]
    [TestCase("X-Correlation-Id: a\0b")]
    [TestCase("Authorization: Bearer a\0b")]
    [TestCase("X-Correlation-Id: a\r\n Set-Cookie: x=y")]
    public async Task A_header_that_would_end_another_is_refused_and_not_echoed(string header)
    {
        using var hostile = await BeginAsync($"GET /alive HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n");
        using var reader = new StreamReader(hostile.GetStream());

        var answer = await reader.ReadToEndAsync().WaitAsync(GivenUpWithin);

        Assert.That(answer, Does.StartWith("HTTP/1.1 400").And.Not.Contain("Set-Cookie"));
    }

    private async Task<TcpClient> BeginAsync(string text)
    {
        var address = new Uri(Server.Ports.Http);
        var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
        return socket;
    }
}
