using Inventory.Engine.Alerts;
using Inventory.Server.Alerts;
using Inventory.Server.Errors;
using Inventory.Server.Health;
using Quartz;

namespace Inventory.Server.Jobs;

/// <summary>Rings for what no follower judges: stock that nobody touches, and the system itself.</summary>
[DisallowConcurrentExecution]
internal sealed class JudgeAlertsJob(
    OperationAlerts operation,
    SweepLevels sweep,
    ServingState serving,
    ILogger<JudgeAlertsJob> logger
) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (!serving.Now.Serving)
        {
            return;
        }

        try
        {
            await operation.JudgeReservationsAsync(cancellationToken);
            await operation.JudgeFollowersAsync(cancellationToken);
            await sweep.ExecuteAsync(cancellationToken);
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            // It went away since the last probe; the next ring finds what this one left.
            logger.AlertsSkipped(away.Message);
        }
    }
}
