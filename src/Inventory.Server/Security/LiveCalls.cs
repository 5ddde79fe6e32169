using System.Collections.Concurrent;

namespace Inventory.Server.Security;

/// <summary>
/// Streams outlive the moment at which their caller was judged. One whose caller's credential has lapsed or was
/// withdrawn since is ended; whoever still may begins another.
/// </summary>
internal sealed class LiveCalls(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<HttpContext, Caller> calls = new();

    public async Task WatchAsync(HttpContext http, Caller caller, RequestDelegate next)
    {
        calls[http] = caller;
        try
        {
            await next(http);
        }
        finally
        {
            calls.TryRemove(http, out _);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                EndLapsed();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private void EndLapsed()
    {
        var now = time.GetUtcNow();
        foreach (var (http, caller) in calls)
        {
            // Removed by whoever ends it: a context serves another call afterwards.
            if (!caller.IsCurrent(now) && calls.TryRemove(http, out _))
            {
                http.Abort();
            }
        }
    }
}
