using System.Net.Sockets;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Wire;

/// <summary>How many connections one address may have.</summary>
public sealed class ConnectionLimitTests : ServerFixture
{
    private const int Max = 5;

    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(fresh.ConnectionString, (Setting.PeerConnections, $"{Max}"));

    [Test]
    public async Task One_more_is_closed_those_that_stand_are_served_and_one_that_leaves_makes_room()
    {
        var sku = await Given.Stock(onHand: 5);
        await Reservations.ReserveInventoryAsync(Order(sku));
        var idle = new List<TcpClient>();
        while (await OpenAsync() is { } connection)
        {
            idle.Add(connection);
            Assert.That(idle, Has.Count.LessThan(Max), "the test's own call has one of them");
        }

        await Reservations.ReserveInventoryAsync(Order(sku));
        idle[0].Dispose();
        await Eventually.TrueAsync(async () =>
        {
            if (await OpenAsync() is not { } connection)
            {
                return false;
            }

            idle.Add(connection);
            return true;
        });

        Assert.That(await Then.Reserved(sku), Is.EqualTo(2));
        idle.ForEach(c => c.Dispose());
    }

    /// <returns>None if the server has closed it. One that it keeps open has answered.</returns>
    private async Task<TcpClient?> OpenAsync()
    {
        var address = new Uri(Server.Ports.Http);
        var connection = new TcpClient();
        try
        {
            await connection.ConnectAsync(address.Host, address.Port);
            var stream = connection.GetStream();
            await stream.WriteAsync("GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
            if (await stream.ReadAsync(new byte[1]) == 1)
            {
                return connection;
            }
        }
        catch (Exception closed) when (closed is IOException or SocketException)
        {
            // Closed with what was sent unread.
        }

        connection.Dispose();
        return null;
    }
}
