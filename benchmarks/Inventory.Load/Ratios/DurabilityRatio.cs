using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>R7: what waiting for the flush costs.</summary>
internal static class DurabilityRatio
{
    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        // Each on a database of its own and fresh, so that neither has more rows than the other.
        var original = await bench.Stage.CreateDatabaseAsync("durable", Bench.Items, 1);
        var copy = await bench.Stage.CopyDatabaseAsync(original, "relaxed");
        var durableServer = await bench.Stage.StartServerAsync(original);
        var relaxedServer = await bench.Stage.StartRelaxedServerAsync(copy);
        var durableTrials = new ServerTrials(bench.Stage, original, Bench.Items, 1, durableServer);
        var relaxedTrials = new ServerTrials(bench.Stage, copy, Bench.Items, 1, relaxedServer);
        await Bench.WarmUpAsync(durableTrials);
        await Bench.WarmUpAsync(relaxedTrials);

        var durable = durableTrials.Reserve("ReserveInventory, durable", Bench.Length);
        var relaxed = relaxedTrials.Reserve("ReserveInventory, synchronous_commit off", Bench.Length);
        var rounds = await Rounds.RunAsync(bench.Stage, Bench.RoundsMin, durable, relaxed);
        await bench.Stage.StopServerAsync(durableServer);
        await bench.Stage.StopServerAsync(relaxedServer);
        return [Ratio.Of("R7", rounds, durable.Series, relaxed.Series)];
    }
}
