using System.Numerics;

namespace Inventory.Load.Measure;

/// <summary>
/// Counts latencies in buckets that grow with the value, 64 to each doubling, so that a percentile is within 1.6% of
/// the true one from a microsecond to hours, however many are recorded.
/// </summary>
internal sealed class Histogram
{
    private const int BitsPerDoubling = 6;
    private const int BucketsPerDoubling = 1 << BitsPerDoubling;

    private readonly long[] counts = new long[(64 - BitsPerDoubling + 1) * BucketsPerDoubling];

    public long Count { get; private set; }

    public void Record(TimeSpan latency)
    {
        counts[Bucket((ulong)Math.Max(0, latency.Ticks / TimeSpan.TicksPerMicrosecond))]++;
        Count++;
    }

    /// <summary>The highest latency of that share of the calls: 0.99 for the 99th percentile.</summary>
    public TimeSpan Percentile(double share)
    {
        var rank = (long)Math.Ceiling(Count * share);
        var bucket = 0;
        for (long seen = counts[0]; seen < rank; seen += counts[bucket])
            bucket++;
        return TimeSpan.FromMicroseconds(HighestOf(bucket));
    }

    private static int Bucket(ulong value)
    {
        if (value < BucketsPerDoubling)
            return (int)value;
        var doublings = BitOperations.Log2(value) - BitsPerDoubling;
        return ((doublings + 1) << BitsPerDoubling) + (int)(value >> doublings) - BucketsPerDoubling;
    }

    private static double HighestOf(int bucket)
    {
        if (bucket < BucketsPerDoubling)
            return bucket;
        var doublings = (bucket >> BitsPerDoubling) - 1;
        var position = (ulong)(bucket & (BucketsPerDoubling - 1)) + BucketsPerDoubling;
        return ((position + 1) << doublings) - 1;
    }
}
