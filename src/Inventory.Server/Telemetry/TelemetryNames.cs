using Inventory.Engine.Telemetry;

namespace Inventory.Server.Telemetry;

/// <summary>What is watched: our own sources, and those of the parts whose health is ours.</summary>
internal static class TelemetryNames
{
    public static IReadOnlyList<string> ActivitySources { get; } = ["Microsoft.AspNetCore", "Npgsql"];

    /// <summary>Npgsql's own meter is left out: it names a pool by its whole connection string.</summary>
    public static IReadOnlyList<string> Meters { get; } =
    [EngineMeter.Name, CallMetrics.MeterName, "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];
}
