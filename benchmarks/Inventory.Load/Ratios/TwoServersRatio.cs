using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>
/// R13: the same load on two servers of one database, beside one. The second is stopped while one is measured.
/// </summary>
internal static class TwoServersRatio
{
    private const int RoundsCount = 2;

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
        await Bench.WarmUpAsync(new ServerTrials(bench.Stage, bench.Database, Bench.Items, 1, second));
        var both = new ServerTrials(bench.Stage, bench.Database, Bench.Items, 1, bench.Server, second);
        var sample = await both.Reserve("both", Bench.Length).RunAsync();
        await bench.Stage.StopServerAsync(second);
        return sample;
    }
}
