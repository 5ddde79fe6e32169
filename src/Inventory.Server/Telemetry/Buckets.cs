namespace Inventory.Server.Telemetry;

/// <summary>Bounds of histograms whose instrument advises none.</summary>
internal static class Buckets
{
    /// <summary>Seconds: from a batch of one on an idle database to a call that waits for its deadline.</summary>
    public static IReadOnlyList<double> Latency { get; } =
    [0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>Whatever is counted: rows, requests of a batch, bytes.</summary>
    public static IReadOnlyList<double> Amount { get; } =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000, 1_000_000];
}
