using Inventory.Load.Driving;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>
/// R10: five minutes at full load, holds that lapse as fast as new ones are made, checkpoints and autovacuum as they
/// come. The first minute begins when holds lapse already: what is measured is what time does, not what expiry costs.
/// </summary>
internal static class EnduranceRatio
{
    private const int Minutes = 5;
    private const int HoldSeconds = 15;

    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        var database = await bench.Stage.CreateDatabaseAsync("endurance", Bench.Items, 1);
        var server = await bench.Stage.StartServerAsync(database);
        var trials = new ServerTrials(bench.Stage, database, Bench.Items, 1, server);
        await Bench.WarmUpAsync(trials);

        var length = TrialLength.Seconds(warmUp: HoldSeconds + 5, measured: 60 * Minutes);
        var commits = await database.WritingTransactionsAsync();
        var cpu = bench.Stage.ReadCpu();
        var tally = await trials.RunAsync(trials.Reservations(HoldSeconds), length);
        var spent = bench.Stage.ReadCpu() - cpu;
        commits = await database.WritingTransactionsAsync() - commits;
        await bench.Stage.StopServerAsync(server);

        var byMinute = tally.BySecond.Chunk(60).Select(seconds => seconds.Average()).ToArray();
        Console.WriteLine($"  reservations/s by minute: {string.Join(", ", byMinute.Select(rate => $"{rate:N0}"))}");
        Sample Minute(double rate) => new(rate, tally.All(Outcome.Granted), commits, spent);
        var rounds = new Rounds();
        var last = new Series("ReserveInventory, last minute", "/s");
        var first = new Series("ReserveInventory, first minute", "/s");
        rounds.Add(last, Minute(byMinute[Minutes - 1]));
        rounds.Add(first, Minute(byMinute[0]));
        return [Ratio.Of("R10", rounds, last, first)];
    }
}
