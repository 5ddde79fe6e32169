using System.Collections.Concurrent;
using System.Net;

namespace Inventory.Server.Security.Rates;

/// <summary>
/// A bucket for each caller, whatever credential they come with, and a small one for each address from which somebody
/// comes who is not believed. Each server counts for itself.
/// </summary>
internal sealed class RateLimits(AuthenticationOptions options, TimeProvider time)
{
    /// <summary>More are forgotten all at once, which fills their buckets.</summary>
    private const int BucketsMax = 10_000;

    private readonly long begun = time.GetTimestamp();
    private readonly ConcurrentDictionary<string, TokenBucket> callers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TokenBucket> refused = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<PeerNetwork, TokenBucket> strangers = new();

    /// <summary>Ticks of a clock that never goes back.</summary>
    public long Now => time.GetElapsedTime(begun).Ticks;

    /// <returns>Null: callers have no limit.</returns>
    public TokenBucket? OfCaller(string name) =>
        options.CallerRate == 0 ? null : Find(callers, name, options.CallerRate);

    /// <summary>Of what is written down of a caller's refusals.</summary>
    public TokenBucket OfRefused(string name) => Find(refused, name, options.StrangerRate);

    public TokenBucket OfStranger(IPAddress? address) => Find(strangers, PeerNetwork.Of(address), options.StrangerRate);

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
}
