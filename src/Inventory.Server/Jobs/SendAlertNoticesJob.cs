using Inventory.Server.Alerts;
using Inventory.Server.Errors;
using Inventory.Server.Health;
using Quartz;

namespace Inventory.Server.Jobs;

/// <summary>Rings for notices of alerts that are due.</summary>
[DisallowConcurrentExecution]
internal sealed class SendAlertNoticesJob(SendNotices send, ServingState serving, ILogger<SendAlertNoticesJob> logger)
    : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (!serving.Now.Serving)
        {
            return;
        }

        try
        {
            await send.ExecuteAsync(cancellationToken);
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            // It went away since the last probe; the next ring finds what this one left.
            logger.AlertsSkipped(away.Message);
        }
    }
}
