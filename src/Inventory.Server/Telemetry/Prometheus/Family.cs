using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Inventory.Server.Telemetry.Prometheus;

/// <summary>One instrument as Prometheus sees it: a name, a type, and its series.</summary>
internal sealed class Family
{
    /// <summary>
    /// A tag whose values never end must not eat the memory: further ones are added up in one series without labels.
    /// </summary>
    private const int SeriesMax = 1_000;

    private readonly ConcurrentDictionary<int, Series> byHash = new();
    private readonly Lock adding = new();
    private readonly double[] bounds;
    private readonly bool absolute;
    private readonly Series overflow;
    private int count;

    /// <param name="instrument">The first of its name.</param>
    /// <param name="kind">How its series are written.</param>
    /// <param name="absolute">Whether it measures totals; otherwise it measures changes.</param>
    public Family(Instrument instrument, FamilyKind kind, bool absolute)
    {
        Kind = kind;
        this.absolute = absolute;
        Name = PrometheusNames.Of(instrument.Name, instrument.Unit, kind);
        Help = instrument.Description ?? "";
        bounds = kind == FamilyKind.Histogram ? BoundsOf(instrument) : [];
        overflow = new("otel_metric_overflow=\"true\"", [], bounds, next: null);
    }

    public string Name { get; }

    public string Help { get; }

    public FamilyKind Kind { get; }

    public IEnumerable<Series> All
    {
        get
        {
            foreach (var first in byHash.Values)
            {
                for (var series = first; series is not null; series = series.Next)
                {
                    yield return series;
                }
            }

            if (Volatile.Read(ref count) >= SeriesMax)
            {
                yield return overflow;
            }
        }
    }

    public void Record(double measured, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = Find(tags);
        if (Kind == FamilyKind.Histogram)
        {
            series.Observe(measured);
        }
        else if (absolute)
        {
            series.Set(measured);
        }
        else
        {
            series.Add(measured);
        }
    }

    private Series Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = HashOf(tags);
        byHash.TryGetValue(hash, out var first);
        return Among(first, tags) ?? Make(hash, tags);
    }

    private Series Make(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (adding)
        {
            byHash.TryGetValue(hash, out var first);
            if (Among(first, tags) is { } made)
            {
                return made;
            }

            if (count >= SeriesMax)
            {
                return overflow;
            }

            count++;
            return byHash[hash] = new(LabelsOf(tags), tags.ToArray(), bounds, first);
        }
    }

    private static Series? Among(Series? series, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        while (series is not null && !Same(series.Tags, tags))
        {
            series = series.Next;
        }

        return series;
    }

    private static bool Same(KeyValuePair<string, object?>[] known, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (known.Length != tags.Length)
        {
            return false;
        }

        for (var i = 0; i < known.Length; i++)
        {
            if (known[i].Key != tags[i].Key || !Equals(known[i].Value, tags[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    private static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = 0;
        foreach (var (_, value) in tags)
        {
            hash = unchecked((hash * 31) + (value?.GetHashCode() ?? 0));
        }

        return hash;
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            labels.Append(labels.Length == 0 ? "" : ",").Append(PrometheusNames.Label(key)).Append("=\"");
            labels.Append(PrometheusNames.Escaped(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
            labels.Append('"');
        }

        return labels.ToString();
    }

    private static double[] BoundsOf(Instrument instrument)
    {
        var advised = instrument switch
        {
            Instrument<double> { Advice.HistogramBucketBoundaries: { } doubles } => [.. doubles],
            Instrument<long> { Advice.HistogramBucketBoundaries: { } longs } => [.. longs.Select(l => (double)l)],
            Instrument<int> { Advice.HistogramBucketBoundaries: { } ints } => [.. ints.Select(i => (double)i)],
            _ => Array.Empty<double>(),
        };
        return advised.Length > 0 ? advised
            : instrument.Unit == "s" ? [.. Buckets.Latency]
            : [.. Buckets.Amount];
    }
}
