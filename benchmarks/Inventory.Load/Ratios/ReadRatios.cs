using Inventory.Load.Driving;
using Inventory.Load.Measure;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>R8 and R9: how much a read costs, and how long it waits while the same server sells.</summary>
internal static class ReadRatios
{
    private const double ReadsPerSecond = 5_000;
    private const double ShareOfPeak = 0.7;
    private const int PeakRounds = 3;

    public static async Task<IReadOnlyList<Ratio>> MeasureCostAsync(Bench bench)
    {
        await FillCacheAsync(bench);
        var reads = bench.Trials.Read("GetAvailability", Bench.Length);
        var checks = bench.Trials.CheckHealth("Health/Check", Bench.Length);
        var rounds = await Rounds.RunAsync(bench.Stage, Bench.RoundsMin, checks, reads);
        return [Ratio.Of("R8", rounds, reads.Series, checks.Series)];
    }

    public static async Task<IReadOnlyList<Ratio>> MeasureLatencyAsync(Bench bench)
    {
        await FillCacheAsync(bench);
        var flatOut = bench.Trials.Reserve("ReserveInventory, for its peak", Bench.Length);
        var peaks = await Rounds.RunAsync(bench.Stage, PeakRounds, flatOut);
        var peak = peaks.Of(flatOut.Series).Select(sample => sample.Figure).Median();
        var idle = Latency(bench, "p99 of reads, idle", reservationsPerSecond: null);
        var busy = Latency(bench, $"p99 of reads, {ShareOfPeak * peak:N0} reservations/s", ShareOfPeak * peak);
        var rounds = await Rounds.RunAsync(bench.Stage, Bench.RoundsMin, idle, busy);
        return [Ratio.Of("R9", rounds, busy.Series, idle.Series)];
    }

    // Until every item has been asked for, some answers come from the database.
    private static Task<Sample> FillCacheAsync(Bench bench) =>
        bench.Trials.Read("fill", TrialLength.Seconds(warmUp: 5, measured: 5)).RunAsync();

    private static Trial Latency(Bench bench, string name, double? reservationsPerSecond) =>
        new(
            new Series(name, "µs"),
            async () =>
            {
                var cpu = bench.Stage.ReadCpu();
                var reads = bench.Trials.RunAsync(bench.Trials.ScheduledReads(ReadsPerSecond), Bench.Length);
                var reservations = reservationsPerSecond is { } rate
                    ? bench.Trials.RunAsync(bench.Trials.ScheduledReservations(rate), Bench.Length)
                    : Task.FromResult(new Tally());
                var answered = (await Task.WhenAll(reads, reservations)).Sum(tally => tally.All(Outcome.Read));
                var p99 = (await reads).Latency.Percentile(0.99).TotalMicroseconds;
                return new Sample(p99, answered, Commits: 0, bench.Stage.ReadCpu() - cpu);
            }
        );
}
