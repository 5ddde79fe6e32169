using System.Diagnostics;
using System.Net;
using Inventory.Load.Http2;

namespace Inventory.Load.Driving;

/// <summary>
/// The whole client is this loop on one thread: start what is due, send it all, wait, read all that came. One thread is
/// enough for far more than the server answers, needs no locks, and lets calls gather into few system calls by itself.
/// </summary>
internal sealed class LoadLoop : IDisposable
{
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(30);

    private readonly ILoad load;
    private readonly List<Http2Connection> connections = [];
    private readonly Poller poller;
    private int first;

    /// <param name="servers">Connections are spread over them.</param>
    public LoadLoop(
        IReadOnlyList<IPEndPoint> servers,
        int connectionCount,
        int streams,
        ILoad load,
        bool anonymous = false
    )
    {
        this.load = load;
        for (var i = 0; i < connectionCount; i++)
            connections.Add(new Http2Connection(servers[i % servers.Count], streams, load, anonymous));
        poller = new Poller(connections);
    }

    /// <param name="warmUp">At full load, counted in the tally's totals, not in its figure.</param>
    /// <returns>When every call that was started is answered.</returns>
    public Tally Run(TimeSpan warmUp, TimeSpan measured)
    {
        var start = Stopwatch.GetTimestamp();
        var from = start + Ticks(warmUp);
        var until = from + Ticks(measured);
        load.Tally.Measure(from, until);
        load.Pace.Start(start);

        var now = start;
        for (; now < until; now = Stopwatch.GetTimestamp())
        {
            Fill(now);
            Exchange(NextStart(now), now, until);
        }

        Drain(now);
        return load.Tally;
    }

    public void Dispose() => connections.ForEach(connection => connection.Dispose());

    // Another connection comes first each time, or in an open loop the first alone would carry everything.
    private void Fill(long now)
    {
        first = (first + 1) % connections.Count;
        for (var i = 0; i < connections.Count; i++)
            load.Fill(connections[(first + i) % connections.Count], now);
    }

    // What is due and was not started has no slot: only an answer gives it one. Asking again at once would take the
    // processor from the server that is to answer.
    private long NextStart(long now) => load.Pace.NextDue > now ? load.Pace.NextDue : long.MaxValue;

    private void Drain(long since)
    {
        connections.ForEach(load.Finish);
        var limit = since + Ticks(DrainMax);
        while (!connections.TrueForAll(connection => connection.IsIdle))
        {
            var now = Stopwatch.GetTimestamp();
            if (now > limit)
                throw new TimeoutException($"Calls were left without an answer for {DrainMax.TotalSeconds} s.");
            Exchange(limit, now, limit);
        }
    }

    private void Exchange(long due, long now, long until)
    {
        connections.ForEach(connection => connection.Flush());
        poller.Wait(Stopwatch.GetElapsedTime(now, Math.Max(now, Math.Min(due, until))));
        load.Tally.Now = Stopwatch.GetTimestamp();
        for (var i = 0; i < connections.Count; i++)
        {
            if (poller.IsReadable(i))
                connections[i].Receive();
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
