using Inventory.Engine.Integrity;
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
            Tell(await verification.ExecuteAsync(Within, cancellationToken));
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            logger.VerificationSkipped(away.Message);
        }
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
