using Inventory.Load.Stage;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>R11: three million stock rows beside a hundred thousand.</summary>
internal static class SizeRatio
{
    private const int Items = 1_000_000;
    private const int Warehouses = 3;
    private const int RoundsCount = 2;

    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        Console.WriteLine($"  planting {Items:N0} items in {Warehouses} warehouses");
        var database = await bench.Stage.CreateDatabaseAsync("big", Items, Warehouses);
        var server = await bench.Stage.StartServerAsync(database);
        // A follower begins with the planting: three million rows of it took the processor from both sides.
        await new PlantedPast(database).FollowedAsync();
        var trials = new ServerTrials(bench.Stage, database, Items, Warehouses, server);
        await Bench.WarmUpAsync(trials);

        var big = trials.Reserve("ReserveInventory, 3,000,000 rows", Bench.Length);
        var usual = bench.Trials.Reserve("ReserveInventory, 100,000 rows", Bench.Length);
        var rounds = await Rounds.RunAsync(bench.Stage, RoundsCount, usual, big);
        Console.WriteLine($"  the server's memory at its most: {server.MemoryMax / 1024 / 1024} MiB");
        await bench.Stage.StopServerAsync(server);
        return [Ratio.Of("R11", rounds, big.Series, usual.Series)];
    }
}
