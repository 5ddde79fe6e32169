using Inventory.Engine.Journal.Snapshots;
using Inventory.Server.Errors;
using Inventory.Server.Health;
using Inventory.Server.Hosting;
using Inventory.Server.Telemetry;
using Quartz;

namespace Inventory.Server.Jobs;

/// <summary>Rings for the snapshot of each period, and for those that a server left half done.</summary>
[DisallowConcurrentExecution]
internal sealed class TakeSnapshotsJob(
    TakeSnapshots snapshots,
    ServerOptions options,
    ServingState serving,
    IHostApplicationLifetime lifetime,
    ILogger<TakeSnapshotsJob> logger
) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (!serving.Now.Serving)
        {
            return;
        }

        // It may last an hour, and whoever stops the server waits for its jobs: the next start goes on from there.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            lifetime.ApplicationStopping
        );
        try
        {
            var finished = await snapshots.SweepAsync(options.SnapshotEvery, stopping.Token);
            if (finished > 0)
            {
                logger.SnapshotsTaken(finished);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            logger.SweepSkipped(away.Message);
        }
    }
}
