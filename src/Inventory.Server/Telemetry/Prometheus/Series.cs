namespace Inventory.Server.Telemetry.Prometheus;

/// <summary>The numbers of one instrument with one set of labels. Written by many threads without a lock.</summary>
internal sealed class Series
{
    private readonly double[] bounds;
    private readonly long[] counts;
    private double sum;
    private double value;

    /// <param name="labels">As they stand in the text, such as <c>method="a",code="OK"</c>.</param>
    /// <param name="tags">Their values, to find the series again.</param>
    /// <param name="bounds">A histogram's upper bounds, ascending; empty for other instruments.</param>
    /// <param name="next">The series before it with the same hash.</param>
    public Series(string labels, KeyValuePair<string, object?>[] tags, double[] bounds, Series? next)
    {
        Labels = labels;
        Tags = tags;
        Next = next;
        this.bounds = bounds;
        counts = new long[bounds.Length + 1];
    }

    public string Labels { get; }

    public KeyValuePair<string, object?>[] Tags { get; }

    public Series? Next { get; }

    public double Value => Volatile.Read(ref value);

    public double Sum => Volatile.Read(ref sum);

    public ReadOnlySpan<double> Bounds => bounds;

    /// <summary>How many observations fell into each bucket, the last without an upper bound; not cumulated.</summary>
    public long[] Counts => [.. counts.Select((_, i) => Volatile.Read(ref counts[i]))];

    public void Set(double measured) => Volatile.Write(ref value, measured);

    public void Add(double measured) => Add(ref value, measured);

    public void Observe(double measured)
    {
        var bucket = 0;
        while (bucket < bounds.Length && measured > bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref counts[bucket]);
        Add(ref sum, measured);
    }

    private static void Add(ref double target, double amount)
    {
        var seen = Volatile.Read(ref target);
        while (true)
        {
            var found = Interlocked.CompareExchange(ref target, seen + amount, seen);
            if (found.Equals(seen))
            {
                return;
            }

            seen = found;
        }
    }
}
