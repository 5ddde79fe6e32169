using Inventory.Engine.Events;
using Inventory.Server.Errors;
using Inventory.Server.Health;
using Inventory.Server.Telemetry;

namespace Inventory.Server.Events.Webhooks;

/// <summary>
/// Keeps the leases of this node's subscriptions, and a pump for each. A node that is killed leaves its leases to lapse,
/// and another takes them.
/// </summary>
internal sealed class WebhookUpkeep(
    LeaseSubscriptions leases,
    PumpParts parts,
    ServingState serving,
    TimeProvider time,
    ILogger<WebhookUpkeep> logger
) : BackgroundService
{
    internal static readonly TimeSpan LeaseLength = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1);
    private readonly Guid node = Guid.NewGuid();
    private readonly Dictionary<long, (CancellationTokenSource Stop, Task Run)> pumps = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RenewEvery, time);
        try
        {
            do
            {
                if (serving.Now.Serving)
                {
                    await RenewAsync(stoppingToken);
                }
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        finally
        {
            await EndAsync();
        }
    }

    private async Task RenewAsync(CancellationToken stop)
    {
        try
        {
            var mine = await leases.ExecuteAsync(node, LeaseLength, stop);
            await DropAsync([.. pumps.Keys.Except(mine.Select(s => s.SubscriptionId))]);
            foreach (var subscription in mine)
            {
                if (pumps.TryGetValue(subscription.SubscriptionId, out var pump) && !pump.Run.IsCompleted)
                {
                    continue;
                }

                var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var run = new SubscriptionPump(subscription, node, parts).RunAsync(ending.Token);
                pumps[subscription.SubscriptionId] = (ending, run);
            }
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            // Pumps wait for the database by themselves. Whoever takes over meanwhile is named in the leases.
            logger.SweepSkipped(away.Message);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            logger.LeasesFailed(failed);
        }
    }

    private async Task DropAsync(IReadOnlyList<long> gone)
    {
        foreach (var id in gone)
        {
            var (ending, run) = pumps[id];
            await ending.CancelAsync();
            await run;
            ending.Dispose();
            pumps.Remove(id);
        }
    }

    private async Task EndAsync()
    {
        await DropAsync([.. pumps.Keys]);
        try
        {
            await leases.ReleaseAsync(node, CancellationToken.None);
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            // They lapse.
        }
    }
}
