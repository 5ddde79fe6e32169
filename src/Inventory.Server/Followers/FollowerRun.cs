using System.Diagnostics;
using Inventory.Engine.Database;
using Inventory.Engine.Journal.Followers;
using Inventory.Engine.Telemetry;
using Inventory.Server.Errors;
using Inventory.Server.Health;

namespace Inventory.Server.Followers;

/// <summary>
/// Runs a follower from start to stop. A commit of this server wakes it; those of others it finds by itself.
/// </summary>
/// <typeparam name="T">The follower.</typeparam>
internal sealed class FollowerRun<T>(
    Cell cell,
    T follower,
    FollowerMetrics metrics,
    CommittedLevels committed,
    ServingState serving,
    ILogger<T> logger
) : BackgroundService
    where T : class, IJournalFollower
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StandbyEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim bell = new(0, 1);
    private int rung;
    private bool active;
    private long? saidAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var run = new RunFollower(cell, follower, metrics);
        run.Noted += Say;
        committed.Committed += Ring;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await StepAsync(run, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; the lease is given up on the way out.
        }
        finally
        {
            committed.Committed -= Ring;
            run.Noted -= Say;
        }
    }

    private async Task StepAsync(RunFollower run, CancellationToken cancellation)
    {
        if (serving.Now is { Serving: false } moment)
        {
            // The database is away, or not migrated yet, or the server stops.
            await moment.Changed.WaitAsync(cancellation);
            return;
        }

        var began = Stopwatch.GetTimestamp();
        try
        {
            var step = await run.StepAsync(cancellation);
            active = run.IsActive;
            await PauseAsync(step, began, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault)
        {
            // Whatever it is, those after it must come: the next step begins where the cursor is.
            active = false;
            Say(fault);
            await Task.Delay(RetryEvery, cancellation);
        }
    }

    private async Task PauseAsync(FollowerStep step, long began, CancellationToken cancellation)
    {
        switch (step)
        {
            case FollowerStep.More:
                return;
            case FollowerStep.Idle:
                if (await bell.WaitAsync(PollEvery, cancellation))
                {
                    Interlocked.Exchange(ref rung, 0);
                }

                // However often it is woken: rows are handled together, not one by one.
                var rest = follower.PassEvery - Stopwatch.GetElapsedTime(began);
                await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, cancellation);
                return;
            case FollowerStep.Standby:
                await Task.Delay(StandbyEvery, cancellation);
                return;
            case FollowerStep.Failed:
            case FollowerStep.Away:
                await Task.Delay(RetryEvery, cancellation);
                return;
            default:
                throw new UnreachableException($"{step}");
        }
    }

    private void Ring(IReadOnlyList<StockLevel> levels)
    {
        if (active && Interlocked.Exchange(ref rung, 1) == 0)
        {
            bell.Release();
        }
    }

    private void Say(Exception fault)
    {
        if (!Faults.IsDatabaseAway(fault))
        {
            logger.FollowerFailed(fault, follower.Name);
        }
        else if (IsTime())
        {
            logger.FollowerStopped(follower.Name, fault.Message);
        }
    }

    private void Say(FollowerNote note)
    {
        switch (note.Kind)
        {
            case FollowerNoteKind.LeaseTaken:
                logger.FollowerActive(note.Follower);
                return;
            case FollowerNoteKind.LeaseLost:
                logger.FollowerInactive(note.Follower);
                return;
            case FollowerNoteKind.BegunAnew:
                logger.FollowerBegunAnew(note.Follower, note.Detail);
                return;
            case FollowerNoteKind.Failed when note.Cause is FollowerAwayException away:
                if (IsTime())
                {
                    logger.FollowerWaits(note.Follower, away.Message);
                }

                return;
            case FollowerNoteKind.Failed:
                logger.FollowerRepeats(note.Cause, note.Follower, note.Detail);
                return;
            case FollowerNoteKind.Parked:
                logger.FollowerParked(note.Cause, note.Follower, note.Detail);
                return;
            case FollowerNoteKind.Unparked:
                logger.FollowerUnparked(note.Follower, note.Detail);
                return;
            default:
                throw new UnreachableException($"{note.Kind}");
        }
    }

    // Said once, until it has been well again for a while: it is tried each second.
    private bool IsTime()
    {
        if (saidAt is { } at && Stopwatch.GetElapsedTime(at) < SilentFor)
        {
            return false;
        }

        saidAt = Stopwatch.GetTimestamp();
        return true;
    }
}
