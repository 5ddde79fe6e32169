using Inventory.Load.Driving;
using Inventory.Load.Measure;
using Inventory.Load.Stage;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>R8 and R9: how much a read costs, and how long it waits while the same server sells.</summary>
internal static class ReadRatios
{
    private const double ReadsPerSecond = 5_000;
    public const double ShareOfPeak = 0.7;
    private const int PeakRounds = 3;

    public static async Task<IReadOnlyList<Ratio>> MeasureCostAsync(Bench bench)
    {
        await FillCacheAsync(bench.Trials);
        var reads = bench.Trials.Read("GetAvailability", Bench.Length);
        var checks = bench.Trials.CheckHealth("Health/Check", Bench.Length);
        var rounds = await Rounds.RunAsync(bench.Stage, Bench.RoundsMin, checks, reads);
        return [Ratio.Of("R8", rounds, reads.Series, checks.Series)];
    }

    public static async Task<IReadOnlyList<Ratio>> MeasureLatencyAsync(Bench bench)
    {
        await FillCacheAsync(bench.Trials);
        var rate = ShareOfPeak * await PeakAsync(bench.Stage, bench.Trials);
        var idle = Latency(bench.Stage, bench.Trials, "p99 of reads, idle", reservationsPerSecond: null);
        var busy = Latency(bench.Stage, bench.Trials, $"p99 of reads, {rate:N0} reservations/s", rate);
        var rounds = await Rounds.RunAsync(bench.Stage, Bench.RoundsMin, idle, busy);
        return [Ratio.Of("R9", rounds, busy.Series, idle.Series)];
    }

    /// <summary>Until every item has been asked for, some answers come from the database.</summary>
    public static Task<Sample> FillCacheAsync(ServerTrials trials) =>
        trials.Read("fill", TrialLength.Seconds(warmUp: 5, measured: 5)).RunAsync();

    /// <summary>How many it can reserve a second.</summary>
    public static async Task<double> PeakAsync(BenchStage stage, ServerTrials trials)
    {
        var flatOut = trials.Reserve("ReserveInventory, for its peak", Bench.Length);
        var peaks = await Rounds.RunAsync(stage, PeakRounds, flatOut);
        return peaks.Of(flatOut.Series).Select(sample => sample.Figure).Median();
    }

    /// <param name="stage">Where it is.</param>
    /// <param name="trials">Of the server.</param>
    /// <param name="name">Of the figure.</param>
    /// <param name="reservationsPerSecond">What it sells beside; none: nothing.</param>
    /// <param name="length">Of the trial; none: as those of R1.</param>
    public static Trial Latency(
        BenchStage stage,
        ServerTrials trials,
        string name,
        double? reservationsPerSecond,
        TrialLength? length = null
    ) =>
        new(
            new Series(name, "µs"),
            async () =>
            {
                var cpu = stage.ReadCpu();
                var reads = trials.RunAsync(trials.ScheduledReads(ReadsPerSecond), length ?? Bench.Length);
                var reservations = reservationsPerSecond is { } rate
                    ? trials.RunAsync(trials.ScheduledReservations(rate), length ?? Bench.Length)
                    : Task.FromResult(new Tally());
                var answered = (await Task.WhenAll(reads, reservations)).Sum(tally => tally.All(Outcome.Read));
                var p99 = (await reads).Latency.Percentile(0.99).TotalMicroseconds;
                return new Sample(p99, answered, Commits: 0, stage.ReadCpu() - cpu);
            }
        );
}
