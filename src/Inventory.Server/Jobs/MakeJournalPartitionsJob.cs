using Inventory.Engine.Journal;
using Inventory.Server.Errors;
using Inventory.Server.Health;
using Inventory.Server.Telemetry;
using Quartz;

namespace Inventory.Server.Jobs;

/// <summary>
/// Keeps the journal's partitions made ahead. A month that nobody made loses nothing: its rows wait in the default
/// partition.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class MakeJournalPartitionsJob(
    MakeJournalPartitions partitions,
    ServingState serving,
    ILogger<MakeJournalPartitionsJob> logger
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
            var made = await partitions.ExecuteAsync(MakeJournalPartitions.DefaultMonthsAhead, cancellationToken);
            if (made > 0)
            {
                logger.PartitionsMade(made);
            }
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            logger.PartitionsSkipped(away.Message);
        }
        catch (Exception failed)
        {
            // Someone has to look: rows of a month without a partition are in the default one, and keep it from being
            // made.
            logger.PartitionsFailed(failed);
        }
    }
}
