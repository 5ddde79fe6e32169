using System.Diagnostics;
using Inventory.Engine.Journal;
using Inventory.Server.Errors;
using Inventory.Server.Telemetry;

namespace Inventory.Server.Hosting;

/// <summary>
/// Says when the feed of the watchers fails, once until it has been well again for a while: it tries each second.
/// </summary>
public sealed class FeedFailures(JournalFeed feed, ILogger<FeedFailures> logger) : IHostedService
{
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(30);

    private long? saidAt;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        feed.Failed += Say;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        feed.Failed -= Say;
        return Task.CompletedTask;
    }

    private void Say(Exception cause)
    {
        if (!Faults.IsDatabaseAway(cause))
        {
            logger.FeedFailed(cause);
        }
        else if (saidAt is not { } at || Stopwatch.GetElapsedTime(at) > SilentFor)
        {
            saidAt = Stopwatch.GetTimestamp();
            logger.FeedStopped(cause.Message);
        }
    }
}
