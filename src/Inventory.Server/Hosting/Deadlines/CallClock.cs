using System.Collections.Concurrent;
using Grpc.Core;

namespace Inventory.Server.Hosting.Deadlines;

/// <summary>
/// Gives every unary call an end: one without a deadline of its own has the server's. There is no timer a call: one
/// look at all calls, several times a second, finds those whose time is over.
/// </summary>
internal sealed class CallClock(ServerOptions options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<CallTime> idle = new();
    private readonly ConcurrentDictionary<CallTime, bool> all = new();
    private readonly long limit = (long)(options.CallLimit.TotalSeconds * time.TimestampFrequency);

    /// <summary>How many there are: as many as there have been calls at once.</summary>
    public int Count => all.Count;

    /// <returns>The call's time, which its token is from now on; null: the call has a deadline.</returns>
    public CallTime? Begin(ServerCallContext context)
    {
        if (context.Deadline != DateTime.MaxValue)
        {
            // gRPC's own, or that of REST: neither is beyond the limit.
            return null;
        }

        var http = context.GetHttpContext();
        if (!idle.TryDequeue(out var call))
        {
            call = new();
            all.TryAdd(call, true);
        }

        call.Begin(time.GetTimestamp() + limit, http.RequestAborted);
        http.RequestAborted = call.Token;
        return call;
    }

    public void End(CallTime call, ServerCallContext context)
    {
        context.GetHttpContext().RequestAborted = call.Before;
        if (call.End())
        {
            idle.Enqueue(call);
        }
        else
        {
            // Whoever cancels it may be about to still: it is not disposed, and holds nothing that would need it.
            all.TryRemove(call, out _);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var (call, _) in all)
        {
            call.Dispose();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private void Look()
    {
        var now = time.GetTimestamp();
        foreach (var (call, _) in all)
        {
            call.Look(now);
        }
    }
}
