using System.Diagnostics.Metrics;
using Inventory.Engine.Reports.Schedules;
using Inventory.Engine.Telemetry;

namespace Inventory.Server.Reports;

/// <summary>What became of the attempts of this server to send reports.</summary>
internal sealed class ReportMetrics : IDisposable
{
    private readonly Meter meter = new(EngineMeter.Name);
    private readonly Counter<long> attempts;

    public ReportMetrics() =>
        attempts = meter.CreateCounter<long>(
            "inventory.report.attempts",
            "{attempt}",
            "Attempts to send a scheduled report, by outcome: sent, failed (it is tried again) or dead (it is not)."
        );

    public void Dispose() => meter.Dispose();

    public void Noted(ReportRunState state)
    {
        var outcome = state switch
        {
            ReportRunState.Sent => "sent",
            ReportRunState.Dead => "dead",
            ReportRunState.Pending => "failed",
            ReportRunState.Cancelled => "cancelled",
        };
        attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
    }
}
