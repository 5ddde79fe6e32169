using Inventory.Load.Driving;
using Inventory.Load.Measure;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>
/// OVERLOAD: what is still granted when far more is asked than can be, by a schedule that waits for nobody. Asked at 2,
/// 5 and 10 times the peak; the ratio is of 5. What the server has no place for it must reject at once.
/// </summary>
internal static class OverloadRatio
{
    private const int RoundsCount = 2;
    private const int TimesJudged = 5;
    private static readonly int[] Times = [2, TimesJudged, 10];

    // As many calls at once as the server lets a connection have; what else is due waits at the client, and counts from
    // when it was due.
    private static readonly CallsAtOnce Crowd = new(Connections: 20, Streams: 256);
    private static readonly TrialLength Length = TrialLength.Seconds(warmUp: 3, measured: 5);

    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        var peak = bench.Trials.Reserve("ReserveInventory, for its peak", Bench.Length);
        await peak.RunAsync();
        var rounds = new Rounds();
        Series? judged = null;
        for (var round = 0; round < RoundsCount; round++)
        {
            await bench.Stage.CheckpointAsync();
            await peak.RunAsync();
            var best = await peak.RunAsync();
            rounds.Add(peak.Series, best);
            foreach (var times in Times)
            {
                var series = new Series($"granted while {times} times the peak is asked", "/s");
                judged = times == TimesJudged ? judged ?? series : judged;
                rounds.Add(times == TimesJudged ? judged! : series, await AskAsync(bench, times * best.Figure));
            }
        }

        Console.WriteLine($"  the server's memory at its most: {bench.Server.MemoryMax / 1024 / 1024} MiB");
        return [Ratio.Of("OVERLOAD", rounds, judged!, peak.Series)];
    }

    private static async Task<Sample> AskAsync(Bench bench, double perSecond)
    {
        var commits = await bench.Database.WritingTransactionsAsync();
        var cpu = bench.Stage.ReadCpu();
        var tally = await bench.Trials.RunAsync(bench.Trials.Overload(perSecond), Length, Crowd);
        var spent = bench.Stage.ReadCpu() - cpu;
        commits = await bench.Database.WritingTransactionsAsync() - commits;
        var rejected = tally.PerSecond(Outcome.Refused);
        Console.WriteLine(
            $"  asked {perSecond:N0}/s, answered {tally.PerSecond(Outcome.Granted) + rejected:N0}/s, of them rejected "
                + $"{rejected:N0}/s, within {Ms(tally.Rejections, 0.5)} (median) and {Ms(tally.Rejections, 0.99)} (p99)"
        );
        return new Sample(tally.PerSecond(Outcome.Granted), tally.All(Outcome.Granted), commits, spent);
    }

    private static string Ms(Histogram latency, double share) =>
        latency.Count == 0 ? "-" : $"{latency.Percentile(share).TotalMilliseconds:N0} ms";
}
