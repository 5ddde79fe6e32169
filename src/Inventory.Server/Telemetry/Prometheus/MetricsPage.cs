using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Inventory.Server.Telemetry.Prometheus;

/// <summary>
/// Listens to the meters of <see cref="TelemetryNames"/> and writes what they have said in Prometheus' text format. Two
/// instruments of one name, as two hosts in one process make them, are one family.
/// </summary>
internal sealed class MetricsPage : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly ConcurrentDictionary<string, Family> families = new();
    private readonly MeterListener listener = new();
    private readonly Lock scraping = new();

    public MetricsPage()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (TelemetryNames.Meters.Contains(instrument.Meter.Name) && KindOf(instrument) is { } kind)
            {
                var absolute = instrument.IsObservable || TypeOf(instrument) == "Gauge`1";
                var family = families.GetOrAdd(instrument.Name, _ => new Family(instrument, kind, absolute));
                self.EnableMeasurementEvents(instrument, family);
            }
        };
        listener.SetMeasurementEventCallback<double>(static (_, v, tags, family) => ((Family)family!).Record(v, tags));
        listener.SetMeasurementEventCallback<float>(static (_, v, tags, family) => ((Family)family!).Record(v, tags));
        listener.SetMeasurementEventCallback<long>(static (_, v, tags, family) => ((Family)family!).Record(v, tags));
        listener.SetMeasurementEventCallback<int>(static (_, v, tags, family) => ((Family)family!).Record(v, tags));
        listener.SetMeasurementEventCallback<short>(static (_, v, tags, family) => ((Family)family!).Record(v, tags));
        listener.SetMeasurementEventCallback<byte>(static (_, v, tags, family) => ((Family)family!).Record(v, tags));
        listener.Start();
    }

    public string Write()
    {
        lock (scraping)
        {
            listener.RecordObservableInstruments();
        }

        var page = new StringBuilder(16_384);
        foreach (var family in families.Values.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            Write(page, family);
        }

        return page.ToString();
    }

    public void Dispose() => listener.Dispose();

    private static FamilyKind? KindOf(Instrument instrument) =>
        TypeOf(instrument) switch
        {
            "Counter`1" or "ObservableCounter`1" => FamilyKind.Counter,
            "UpDownCounter`1" or "ObservableUpDownCounter`1" or "Gauge`1" or "ObservableGauge`1" => FamilyKind.Gauge,
            "Histogram`1" => FamilyKind.Histogram,
            _ => null,
        };

    private static string TypeOf(Instrument instrument) => instrument.GetType().Name;

    private static void Write(StringBuilder page, Family family)
    {
        page.Append("# HELP ")
            .Append(family.Name)
            .Append(' ')
            .Append(PrometheusNames.Escaped(family.Help))
            .Append('\n');
        page.Append("# TYPE ").Append(family.Name).Append(' ').Append(TypeWord(family.Kind)).Append('\n');
        foreach (var series in family.All)
        {
            if (family.Kind == FamilyKind.Histogram)
            {
                WriteHistogram(page, family.Name, series);
            }
            else
            {
                WriteLine(page, family.Name, series.Labels, series.Value);
            }
        }
    }

    private static void WriteHistogram(StringBuilder page, string name, Series series)
    {
        var counts = series.Counts;
        var separator = series.Labels.Length == 0 ? "" : ",";
        long total = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            total += counts[i];
            var bound = i < series.Bounds.Length ? Number(series.Bounds[i]) : "+Inf";
            WriteLine(page, $"{name}_bucket", $"{series.Labels}{separator}le=\"{bound}\"", total);
        }

        WriteLine(page, $"{name}_sum", series.Labels, series.Sum);
        WriteLine(page, $"{name}_count", series.Labels, total);
    }

    private static void WriteLine(StringBuilder page, string name, string labels, double value)
    {
        page.Append(name);
        if (labels.Length > 0)
        {
            page.Append('{').Append(labels).Append('}');
        }

        page.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string TypeWord(FamilyKind kind) =>
        kind switch
        {
            FamilyKind.Counter => "counter",
            FamilyKind.Gauge => "gauge",
            FamilyKind.Histogram => "histogram",
        };
}
