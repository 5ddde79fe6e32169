namespace Inventory.Server.Telemetry;

/// <summary>What is watched: our own sources, and those of the parts whose health is ours.</summary>
internal static class TelemetryNames
{
    public static IReadOnlyList<string> ActivitySources { get; } =
    ["Inventory.Engine", "Inventory.Server", "Microsoft.AspNetCore", "Npgsql"];

    public static IReadOnlyList<string> Meters { get; } =
    ["Inventory.Engine", CallMetrics.MeterName, "Npgsql", "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];
}
