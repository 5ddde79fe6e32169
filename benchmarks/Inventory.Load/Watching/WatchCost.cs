using System.Globalization;
using Inventory.Load.Driving;
using Inventory.Load.Stage;
using Inventory.Load.Trials;

namespace Inventory.Load.Watching;

/// <summary>
/// What watchers cost, and how soon they hear: reservations a second with and without them, in turn, and the time from
/// the answer to a reservation to the message of each watcher of its SKU, while both go on.
/// </summary>
internal static class WatchCost
{
    private const int Rounds = 3;
    private static readonly TrialLength Length = TrialLength.Seconds(warmUp: 2, measured: 5);

    // Of the seed's items the last are the probes': only they reserve them.
    private const int SoldItems = Watchers.FirstProbe - 1;

    public static async Task<int> RunAsync(BenchOptions options)
    {
        await using var stage = await BenchStage.SetAsync(options.Server, options.Logs);
        Console.WriteLine($"Setting up: {Watchers.Items:N0} stock rows, {options.Watchers:N0} watchers.");
        var database = await stage.CreateDatabaseAsync("watched", Watchers.Items, 1);
        var server = await stage.StartServerAsync(database);
        var trials = new ServerTrials(stage, database, SoldItems, 1, server);
        await Ratios.Bench.WarmUpAsync(trials);

        using var watchers = new Watchers(server.Grpc);
        for (var round = 1; round <= Rounds; round++)
        {
            var alone = await trials.RunAsync(trials.Reservations(ServerTrials.HoldSeconds), Length);
            Print("alone", server, alone);
            await watchers.ComeAsync(options.Watchers);
            var cpu = stage.ReadCpu();
            var probing = watchers.ProbeAsync(Length.WarmUp + Length.Measured);
            var watched = await trials.RunAsync(trials.Reservations(ServerTrials.HoldSeconds), Length);
            await probing;
            Print("watched", server, watched);
            Print(watchers);
            Console.WriteLine($"  {stage.ReadCpu() - cpu}");
            await watchers.LeaveAsync();
        }

        return 0;
    }

    private static void Print(string name, RunningServer server, Tally tally) =>
        Print(
            $"{name}: {tally.PerSecond(Outcome.Granted):N0} reservations/s; server at most {server.MemoryMax >> 20} MiB"
        );

    private static void Print(Watchers watchers)
    {
        var (half, most) = (watchers.Latency.Percentile(0.5), watchers.Latency.Percentile(0.99));
        Print($"commit to watcher: p50 {half.TotalMilliseconds:f0} ms, p99 {most.TotalMilliseconds:f0} ms");
        Print($"{watchers.Latency.Count:N0} of them timed; {watchers.Messages:N0} messages");
    }

    private static void Print(FormattableString line) =>
        Console.WriteLine($"  {line.ToString(CultureInfo.InvariantCulture)}");
}
