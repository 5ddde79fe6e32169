using Inventory.Engine.Reports.Schedules;
using Inventory.Server.Errors;
using Inventory.Server.Health;
using Inventory.Server.Telemetry;

namespace Inventory.Server.Reports;

/// <summary>
/// Makes runs of what is due, and sends them, two at once. Safe on many nodes. A node that is killed leaves its leases
/// to lapse, and another sends what it had; a node that stops gives them back.
/// </summary>
internal sealed class ReportUpkeep(
    StartDueRuns start,
    ClaimReportRun claim,
    SendReport send,
    NoteReportRun note,
    ReportMetrics metrics,
    ServingState serving,
    TimeProvider time,
    ILogger<ReportUpkeep> logger
) : BackgroundService
{
    internal static readonly TimeSpan LeaseLength = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private readonly Guid node = Guid.NewGuid();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            RepeatAsync(
                async stop =>
                {
                    await MakeRunsAsync(stop);
                    await SendAllAsync(stop);
                },
                stoppingToken
            ),
            RepeatAsync(SendAllAsync, stoppingToken)
        );

    private async Task RepeatAsync(Func<CancellationToken, Task> look, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            do
            {
                if (serving.Now.Serving)
                {
                    await GuardAsync(look, stop);
                }
            } while (await timer.WaitForNextTickAsync(stop));
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // The server stops; whatever was under way is in the tables.
        }
    }

    private async Task GuardAsync(Func<CancellationToken, Task> look, CancellationToken stop)
    {
        try
        {
            await look(stop);
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            logger.SweepSkipped(away.Message);
        }
        catch (Exception failed) when (!stop.IsCancellationRequested)
        {
            // Whatever it is, the next look begins where the tables say.
            logger.ReportsFailed(failed);
        }
    }

    private async Task MakeRunsAsync(CancellationToken stop)
    {
        foreach (var due in await start.DueAsync(stop))
        {
            try
            {
                await start.StartAsync(due, stop);
            }
            catch (Exception unread)
                when (unread is TimeZoneNotFoundException or InvalidTimeZoneException or FormatException)
            {
                // Another machine may know the zone; the others' times do not wait for it.
                logger.ScheduleUnreadable(unread, ReportIds.Schedule(due.ScheduleId));
            }
        }
    }

    private async Task SendAllAsync(CancellationToken stop)
    {
        while (await claim.ExecuteAsync(node, LeaseLength, stop) is { } claimed)
        {
            if (claimed.Run.State == ReportRunState.Pending)
            {
                await SendAsync(claimed, stop);
            }
        }
    }

    private async Task SendAsync(ClaimedRun claimed, CancellationToken stop)
    {
        ReportAttempt attempt;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var kept = KeepAsync(claimed.Run, ending);
        try
        {
            attempt = await send.ExecuteAsync(claimed, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Another node has it by now, or shall have it at once.
            await ReleaseAsync(claimed.Run);
            return;
        }
        catch (Exception failed)
        {
            // Whatever it is, others are sent; this one is tried again.
            if (!Faults.IsDatabaseAway(failed))
            {
                logger.ReportFailed(failed, ReportIds.Run(claimed.Run.RunId));
            }

            attempt = send.Failed(claimed.Run, "the report could not be made; the log of the server says why");
        }
        finally
        {
            await ending.CancelAsync();
            await kept;
        }

        // Also while the server stops: what was sent is not to be sent again.
        if (await note.ExecuteAsync(node, claimed.Run, attempt, CancellationToken.None))
        {
            Tell(claimed, attempt);
        }
    }

    /// <summary>Renews the lease until it is told to end; where the lease is lost, it ends what is under way.</summary>
    private async Task KeepAsync(ReportRun run, CancellationTokenSource ending)
    {
        using var timer = new PeriodicTimer(RenewEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                if (!await RenewAsync(run, ending.Token))
                {
                    await ending.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is sent, or the server stops.
        }
    }

    private async Task<bool> RenewAsync(ReportRun run, CancellationToken cancellation)
    {
        try
        {
            return await claim.RenewAsync(node, run, LeaseLength, cancellation);
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            // It may be renewed in time yet; if not, somebody else sends it too, under the same id.
            return true;
        }
    }

    private async Task ReleaseAsync(ReportRun run)
    {
        try
        {
            await claim.ReleaseAsync(node, run, CancellationToken.None);
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            // It lapses.
        }
    }

    private void Tell(ClaimedRun claimed, ReportAttempt attempt)
    {
        metrics.Noted(attempt.State);
        var (run, schedule) = (ReportIds.Run(claimed.Run.RunId), ReportIds.Schedule(claimed.Run.ScheduleId));
        switch (attempt.State)
        {
            case ReportRunState.Dead:
                logger.RunDead(run, schedule, claimed.Run.Attempts, attempt.Error ?? "");
                break;
            case ReportRunState.Pending:
                logger.RunFailed(run, schedule, claimed.Run.Attempts, attempt.Error ?? "");
                break;
            case ReportRunState.Sent:
            case ReportRunState.Cancelled:
                break;
        }
    }
}
