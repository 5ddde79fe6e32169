using Inventory.Engine.Availability;
using Npgsql;

namespace Inventory.Server.Cache;

/// <summary>
/// Follows the journal into the cache twice a second, on every node for itself. Until its first pass reads ask the
/// database, and a pass that fails only lets the age of what is read grow.
/// </summary>
public sealed class CacheUpkeep(RepairAvailability repair, ILogger<CacheUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan PassEvery = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(PassEvery);
        var stopped = false;
        do
        {
            try
            {
                await repair.ExecuteAsync(stoppingToken);
                stopped = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException) when (stopped)
            {
                // Said once is enough, until a pass succeeds again.
            }
            catch (NpgsqlException e)
            {
                stopped = true;
                logger.FollowingStopped(e.Message);
            }
            catch (Exception e)
            {
                // A pass that meets what nobody thought of must not end those after it.
                logger.FollowingFailed(e);
            }
        } while (await WaitAsync(timer, stoppingToken));
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
