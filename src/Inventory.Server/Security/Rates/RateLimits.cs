using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Inventory.Server.Security.Rates;

/// <summary>
/// A bucket for each caller, whatever credential they come with, and a small one for each address from which somebody
/// comes who is not believed. Each server counts for itself.
/// </summary>
internal sealed class RateLimits(AuthenticationOptions options, TimeProvider time)
{
    /// <summary>More are forgotten all at once, which fills their buckets.</summary>
    private const int BucketsMax = 10_000;

    private const int NetworkBytes = 8;

    private readonly long begun = time.GetTimestamp();
    private readonly ConcurrentDictionary<string, TokenBucket> callers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(AddressFamily, ulong), TokenBucket> strangers = new();

    /// <summary>Ticks of a clock that never goes back.</summary>
    public long Now => time.GetElapsedTime(begun).Ticks;

    /// <returns>Null: callers have no limit.</returns>
    public TokenBucket? OfCaller(string name) =>
        options.CallerRate == 0 ? null : Find(callers, name, options.CallerRate);

    public TokenBucket OfStranger(IPAddress? address) => Find(strangers, Network(address), options.StrangerRate);

    private static TokenBucket Find<TKey>(ConcurrentDictionary<TKey, TokenBucket> buckets, TKey key, int perSecond)
        where TKey : notnull
    {
        if (buckets.TryGetValue(key, out var known))
        {
            return known;
        }

        if (buckets.Count >= BucketsMax)
        {
            buckets.Clear();
        }

        return buckets.GetOrAdd(key, _ => new TokenBucket(perSecond));
    }

    /// <summary>Whoever has one address of IPv6 has the 64 bits behind its network too.</summary>
    private static (AddressFamily, ulong) Network(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        return (
            plain.AddressFamily,
            bytes.Length > NetworkBytes
                ? BinaryPrimitives.ReadUInt64BigEndian(bytes)
                : BinaryPrimitives.ReadUInt32BigEndian(bytes)
        );
    }
}
