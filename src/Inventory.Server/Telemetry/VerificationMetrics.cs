using System.Diagnostics.Metrics;
using Inventory.Engine.Integrity;
using Inventory.Engine.Telemetry;

namespace Inventory.Server.Telemetry;

/// <summary>
/// What the last verification that this server recorded has found. Absent on servers that recorded none.
/// </summary>
internal sealed class VerificationMetrics : IDisposable
{
    private readonly Meter meter = new(EngineMeter.Name);
    private readonly Counter<long> runs;
    private Verification? last;

    public VerificationMetrics()
    {
        runs = meter.CreateCounter<long>("inventory.verification.runs", "{run}", "Verifications that were recorded.");
        meter.CreateObservableGauge(
            "inventory.verification.violations",
            () => Of(v => v.Violations),
            "{row}",
            "Rows that the last recorded verification found wrong."
        );
        meter.CreateObservableGauge(
            "inventory.verification.duration",
            () => Of(v => v.Elapsed.TotalSeconds),
            "s",
            "How long the last recorded verification took."
        );
    }

    public void Dispose() => meter.Dispose();

    public void Recorded(Verification verification)
    {
        Volatile.Write(ref last, verification);
        runs.Add(1);
    }

    private IEnumerable<Measurement<T>> Of<T>(Func<Verification, T> value)
        where T : struct => Volatile.Read(ref last) is { } known ? [new(value(known))] : [];
}
