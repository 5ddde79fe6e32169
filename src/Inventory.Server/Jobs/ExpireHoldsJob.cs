using Inventory.Engine.Expiry;
using Inventory.Server.Errors;
using Inventory.Server.Health;
using Inventory.Server.Telemetry;
using Quartz;

namespace Inventory.Server.Jobs;

/// <summary>Rings for the holds whose time has come. Not on time is not wrong: a due hold blocks no sale.</summary>
[DisallowConcurrentExecution]
internal sealed class ExpireHoldsJob(ExpireHolds expiry, ServingState serving, ILogger<ExpireHoldsJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (!serving.Now.Serving)
        {
            // The database is away or not migrated yet, or the server stops.
            return;
        }

        try
        {
            await expiry.SweepAsync(cancellationToken);
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            // It went away since the last probe; the next ring sweeps what this one left.
            logger.SweepSkipped(away.Message);
        }
    }
}
