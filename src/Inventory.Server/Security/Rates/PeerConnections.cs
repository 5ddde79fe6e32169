using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Inventory.Server.Security.Rates;

/// <summary>
/// How many connections somebody has open, on both ports, before a byte of theirs is read. One more than they may have
/// is closed at once: nothing can be told on it that costs less than what it is to save.
/// </summary>
/// <param name="max">Of one address; 0: no limit.</param>
internal sealed class PeerConnections(int max)
{
    private readonly ConcurrentDictionary<PeerNetwork, int> open = new();

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var peer = PeerNetwork.Of((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (max == 0)
        {
            await next(connection);
            return;
        }

        try
        {
            if (open.AddOrUpdate(peer, 1, (_, count) => count + 1) > max)
            {
                connection.Abort();
                return;
            }

            await next(connection);
        }
        finally
        {
            Leave(peer);
        }
    }

    /// <summary>Whoever has none is forgotten.</summary>
    private void Leave(PeerNetwork peer)
    {
        if (open.AddOrUpdate(peer, 0, (_, count) => count - 1) <= 0)
        {
            open.TryRemove(new KeyValuePair<PeerNetwork, int>(peer, 0));
        }
    }
}
