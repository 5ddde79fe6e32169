using System.Text;

namespace Inventory.Server.Telemetry.Prometheus;

/// <summary>OpenTelemetry's names as Prometheus writes them: units spelled out, counters that end in _total.</summary>
internal static class PrometheusNames
{
    public static string Of(string instrument, string? unit, FamilyKind kind)
    {
        var name = Label(instrument);
        var suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "1" when kind == FamilyKind.Gauge => "_ratio",
            _ => "",
        };
        name = name.EndsWith(suffix, StringComparison.Ordinal) ? name : name + suffix;
        return kind == FamilyKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal)
            ? name + "_total"
            : name;
    }

    public static string Label(string name)
    {
        var label = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            label.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }

        return char.IsAsciiDigit(label[0]) ? $"_{label}" : label.ToString();
    }

    public static string Escaped(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
