using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>
/// R13: the same load on two servers of one database, beside one. The second is stopped while one is measured.
/// </summary>
internal static class TwoServersRatio
{
    private const int RoundsCount = 2;

    // The first server has sold for minutes when its turn comes. One that has for 12 s still compiles: a sixth of the
    // processor went into that, and the rest ran what was compiled first.
    private const int WarmUps = 4;

    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        var one = bench.Trials.Reserve("ReserveInventory, one server", Bench.Length);
        var two = new Trial(new Series("ReserveInventory, two servers", "/s"), () => RunBothAsync(bench));
        var rounds = await Rounds.RunAsync(bench.Stage, RoundsCount, one, two);
        return [Ratio.Of("R13", rounds, two.Series, one.Series)];
    }

    private static async Task<Sample> RunBothAsync(Bench bench)
    {
        var second = await bench.Stage.StartServerAsync(bench.Database);
        var alone = new ServerTrials(bench.Stage, bench.Database, Bench.Items, 1, second);
        for (var times = 0; times < WarmUps; times++)
        {
            await Bench.WarmUpAsync(alone);
        }

        var both = new ServerTrials(bench.Stage, bench.Database, Bench.Items, 1, bench.Server, second);
        var sample = await both.Reserve("both", Bench.Length).RunAsync();
        await bench.Stage.StopServerAsync(second);
        return sample;
    }
}
