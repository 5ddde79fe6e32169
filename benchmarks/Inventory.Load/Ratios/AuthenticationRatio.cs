using Inventory.Load.Stage;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>
/// AUTH: what it costs to ask callers who they are, in each kind of call; the worst of them is the ratio.
/// </summary>
internal static class AuthenticationRatio
{
    private const string Id = "AUTH";

    /// <summary>What waits is not what costs: from one trial to the next it differs by half.</summary>
    private const int LatencyPairs = 121;

    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        // Each on a database of its own and fresh, so that neither has more rows than the other.
        var original = await bench.Stage.CreateDatabaseAsync("known", Bench.Items, 1);
        var copy = await bench.Stage.CopyDatabaseAsync(original, "anonymous");
        var asking = await bench.Stage.StartServerAsync(original);
        var open = await bench.Stage.StartAnonymousServerAsync(copy);
        var known = new ServerTrials(bench.Stage, original, Bench.Items, 1, asking);
        var anonymous = new ServerTrials(bench.Stage, copy, Bench.Items, 1, open) { Anonymous = true };
        await Pairs.WarmUpAsync(known);
        await Pairs.WarmUpAsync(anonymous);

        var ratios = await Pairs.MeasureAsync(
            bench.Stage,
            Id,
            ("with an API key", known),
            ("without authentication", anonymous)
        );
        Pairs.Print(ratios, "with an API key", "without authentication");
        var latency = await MeasureLatencyAsync(bench.Stage, known, anonymous);
        Pairs.Print([latency], "without authentication", "with an API key, p99 as in R9");
        await bench.Stage.StopServerAsync(asking);
        await bench.Stage.StopServerAsync(open);
        return [ratios.Append(latency).MinBy(pairs => pairs.Median)!];
    }

    // Less is better, so this one is turned over: how long reads wait without, by how long they wait with a key.
    private static async Task<Ratio> MeasureLatencyAsync(BenchStage stage, ServerTrials known, ServerTrials anonymous)
    {
        await ReadRatios.FillCacheAsync(known);
        await ReadRatios.FillCacheAsync(anonymous);
        var rate = ReadRatios.ShareOfPeak * await ReadRatios.PeakAsync(stage, anonymous);
        var with = ReadRatios.Latency(
            stage,
            known,
            $"p99 of reads, {rate:N0} reservations/s, with an API key",
            rate,
            Pairs.Length
        );
        var without = ReadRatios.Latency(
            stage,
            anonymous,
            "p99 of reads, so many, without authentication",
            rate,
            Pairs.Length
        );
        var rounds = await Rounds.RunAsync(stage, LatencyPairs, with, without);
        return Ratio.Of(Id, rounds, without.Series, with.Series);
    }
}
