using Inventory.Engine.Reservations.Waiting;
using Inventory.Server.Errors;
using Inventory.Server.Health;
using Inventory.Server.Telemetry;
using Quartz;

namespace Inventory.Server.Jobs;

/// <summary>
/// Rings for reservations that wait: those whose time is over, and those for which stock has come by another server.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class GrantWaitingJob(
    EndWaiting ends,
    GrantWaiting grants,
    ServingState serving,
    ILogger<GrantWaitingJob> logger
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
            await ends.SweepAsync(cancellationToken);
            await grants.PassAsync(cancellationToken);
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            // It went away since the last probe; the next ring finds what this one left.
            logger.SweepSkipped(away.Message);
        }
    }
}
