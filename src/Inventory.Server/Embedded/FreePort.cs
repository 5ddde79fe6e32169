using System.Net;
using System.Net.Sockets;

namespace Inventory.Server.Embedded;

internal static class FreePort
{
    /// <summary>A loopback port that was free a moment ago; whoever uses it must be ready to ask again.</summary>
    public static int Next()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
