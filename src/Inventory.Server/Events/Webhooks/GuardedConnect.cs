using System.Net;
using System.Net.Sockets;

namespace Inventory.Server.Events.Webhooks;

/// <summary>
/// Connects to a host by an address that was judged, and to no other: a name that is looked up, judged, and looked up
/// again may have changed in between.
/// </summary>
/// <param name="resolve">The addresses of a name.</param>
/// <param name="allowPrivate">Any address will do.</param>
internal sealed class GuardedConnect(Func<string, CancellationToken, Task<IPAddress[]>> resolve, bool allowPrivate)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var host = context.DnsEndPoint.Host.Trim('[', ']');
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellation);
        var taken = allowPrivate ? found : [.. found.Where(PublicAddresses.Contains)];
        if (taken.Length == 0)
        {
            throw new AddressRefusedException(
                found.Length == 0 ? $"{host} has no address" : $"{host} has no public address"
            );
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(taken, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
