using Inventory.Engine.Replenishment;
using Inventory.Server.Errors;
using Inventory.Server.Health;
using Inventory.Server.Telemetry;
using Quartz;

namespace Inventory.Server.Jobs;

/// <summary>Rings for needs that no change of stock has told of, or whose judgement a crash has lost.</summary>
[DisallowConcurrentExecution]
internal sealed class EvaluateReordersJob(
    EvaluateReorders evaluate,
    ServingState serving,
    ILogger<EvaluateReordersJob> logger
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
            await evaluate.SweepAsync(cancellationToken);
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            // It went away since the last probe; the next ring goes on where this one stopped.
            logger.SweepSkipped(away.Message);
        }
    }
}
