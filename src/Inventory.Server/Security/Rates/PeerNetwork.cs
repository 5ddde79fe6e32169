using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Inventory.Server.Security.Rates;

/// <summary>
/// Where somebody comes from, as far as it tells one from another: an address of IPv4, or the network of one of IPv6,
/// because whoever has one such address has the 64 bits behind its network too.
/// </summary>
/// <param name="Family">Which of the two; unspecified where nothing is known.</param>
/// <param name="Bits">The address or the network.</param>
internal readonly record struct PeerNetwork(AddressFamily Family, ulong Bits)
{
    private const int NetworkBytes = 8;

    public static PeerNetwork Of(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        return new(
            plain.AddressFamily,
            bytes.Length > NetworkBytes
                ? BinaryPrimitives.ReadUInt64BigEndian(bytes)
                : BinaryPrimitives.ReadUInt32BigEndian(bytes)
        );
    }
}
