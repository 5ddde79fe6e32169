using System.Globalization;
using Inventory.Engine.Alerts;
using Inventory.Engine.Integrity;
using Inventory.Engine.Journal;
using Inventory.Server.Errors;
using Inventory.Server.Health;
using Inventory.Server.Telemetry;
using Quartz;

namespace Inventory.Server.Jobs;

/// <summary>
/// Rings once a day for a verification of everything. The bell rings on every node; the first one verifies, and the
/// others find that it does, or that it has.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class VerifyJob(
    RecordVerification verification,
    VerificationMetrics metrics,
    RaiseAlerts alerts,
    ServingState serving,
    ILogger<VerifyJob> logger
) : IJob
{
    /// <summary>As far as the nodes' clocks may be apart, and their verifications last.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromHours(12);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (!serving.Now.Serving)
        {
            logger.VerificationSkipped("this server does not serve");
            return;
        }

        try
        {
            var answer = await verification.ExecuteAsync(Within, cancellationToken);
            Tell(answer);
            if (answer.Outcome == RecordVerificationOutcome.Verified)
            {
                await AlertAsync(answer.Findings, cancellationToken);
            }
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            logger.VerificationSkipped(away.Message);
        }
    }

    /// <summary>One alert a rule that is broken; what a clean look at everything no longer finds is over.</summary>
    private async Task AlertAsync(IReadOnlyList<VerifyViolation> findings, CancellationToken cancellation)
    {
        AlertCause[] causes =
        [
            .. findings
                .GroupBy(f => f.Invariant)
                .Select(g => new AlertCause(
                    $"{g.Key}",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{g.Count()} rows break it, the first is {g.First().Sku} at {g.First().Warehouse}"
                    ),
                    g.Count(),
                    0,
                    g.First().Sku ?? "",
                    g.First().Warehouse ?? ""
                )),
        ];
        await alerts.RaiseAsync(AlertKind.InvariantBroken, causes, cancellation);
        await alerts.ResolveOthersAsync(AlertKind.InvariantBroken, [.. causes.Select(c => c.Subject)], cancellation);
    }

    private void Tell(RecordVerificationAnswer answer)
    {
        switch (answer.Outcome)
        {
            case RecordVerificationOutcome.Verified when answer.Verification is { } done:
                metrics.Recorded(done);
                if (done.Violations == 0)
                {
                    logger.Verified(done.StockRows, done.Elapsed);
                }
                else
                {
                    var first = answer.Findings[0];
                    logger.InvariantBroken(
                        done.Violations,
                        done.VerificationId,
                        $"{first.Invariant} {first.Sku}@{first.Warehouse}"
                    );
                }

                break;
            case RecordVerificationOutcome.Verified:
            case RecordVerificationOutcome.Busy:
            case RecordVerificationOutcome.DoneAlready:
                break;
        }
    }
}
