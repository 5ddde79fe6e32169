using System.Net;
using System.Net.Sockets;

namespace Inventory.Server.Events.Webhooks;

/// <summary>
/// Which addresses are on the public internet. Whoever may subscribe a URL must not reach through this server what only
/// this server can reach. By IANA's registries of special-purpose addresses; an address that carries another (IPv4 in
/// IPv6) is judged by that.
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] Special4 = Parse(
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4"
    );

    // Nothing outside 2000::/3 has been given to anybody.
    private static readonly IPNetwork Given6 = IPNetwork.Parse("2000::/3");

    // Teredo and 6to4 carry IPv4 addresses, and nobody serves by them any more.
    private static readonly IPNetwork[] Special6 = Parse("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    public static bool Contains(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !Special4.Any(network => network.Contains(address));
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return Contains(address.MapToIPv4());
        }

        if (Translated.Contains(address))
        {
            return Contains(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        }

        return Given6.Contains(address) && !Special6.Any(network => network.Contains(address));
    }

    private static IPNetwork[] Parse(params string[] networks) => [.. networks.Select(n => IPNetwork.Parse(n))];
}
