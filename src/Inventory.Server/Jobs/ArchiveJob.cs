using Inventory.Engine.Journal.Archive;
using Inventory.Engine.Reservations.Archive;
using Inventory.Server.Errors;
using Inventory.Server.Health;
using Inventory.Server.Hosting;
using Inventory.Server.Telemetry;
using Npgsql;
using Quartz;

namespace Inventory.Server.Jobs;

/// <summary>Rings for what is old enough to go to the archive, if anything shall.</summary>
[DisallowConcurrentExecution]
internal sealed class ArchiveJob(
    ArchiveReservations reservations,
    ArchiveJournal journal,
    ServerOptions options,
    ServingState serving,
    ILogger<ArchiveJob> logger
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
            var (moved, months) = (0, 0);
            if (options.ReservationKeepDays > 0)
            {
                var keep = TimeSpan.FromDays(options.ReservationKeepDays);
                moved = await reservations.SweepAsync(keep, cancellationToken);
            }

            if (options.JournalKeepMonths > 0)
            {
                months = await journal.SweepAsync(options.JournalKeepMonths, cancellationToken);
            }

            if (moved + months > 0)
            {
                logger.Archived(moved, months);
            }
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // Others used the journal just then; the next ring tries again.
            logger.ArchiveWaits(busy.MessageText);
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            logger.SweepSkipped(away.Message);
        }
    }
}
