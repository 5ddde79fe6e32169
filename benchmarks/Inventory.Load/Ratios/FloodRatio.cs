using Inventory.Load.Floods;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>
/// FLOODS: the p99 of others' reservations while somebody without a credential floods the server, ÷ without. One flood
/// after the other; the ratio is of the worst. The attacker shares the server's processors here, as it would not
/// elsewhere.
/// </summary>
internal static class FloodRatio
{
    private const double ReservationsPerSecond = 1_000;

    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        var usual = new Trial(new Series("p99 of reservations, as usual", "µs"), () => ProbeAsync(bench));
        var attacked = Flood
            .All.Select(flood => new Trial(
                new Series($"p99 of reservations, {flood.Name}", "µs"),
                () => ProbeAsync(bench, flood)
            ))
            .ToArray();
        var rounds = await Rounds.RunAsync(bench.Stage, Bench.RoundsMin, [usual, .. attacked]);
        var ratios = attacked.Select(trial => Ratio.Of("FLOODS", rounds, trial.Series, usual.Series)).ToArray();
        for (var i = 0; i < ratios.Length; i++)
        {
            Console.WriteLine($"  {Flood.All[i].Name}: {ratios[i].Median:N2}");
        }

        return [ratios.MaxBy(ratio => ratio.Median)!];
    }

    private static async Task<Sample> ProbeAsync(Bench bench, Flood flood)
    {
        await using var attack = new Attack(bench.Server.Grpc, flood);
        var sample = await ProbeAsync(bench);
        Console.WriteLine($"  {flood.Name}: {attack.Bursts:N0} bursts, closed {attack.Closed:N0} times");
        return sample;
    }

    private static async Task<Sample> ProbeAsync(Bench bench)
    {
        var cpu = bench.Stage.ReadCpu();
        var tally = await bench.Trials.RunAsync(
            bench.Trials.ScheduledReservations(ReservationsPerSecond),
            TrialLength.Seconds(warmUp: 1, measured: 3)
        );
        return new Sample(
            tally.Latency.Percentile(0.99).TotalMicroseconds,
            tally.All(Driving.Outcome.Granted),
            Commits: 0,
            bench.Stage.ReadCpu() - cpu
        );
    }
}
