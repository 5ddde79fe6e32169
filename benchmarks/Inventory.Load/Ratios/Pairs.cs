using Inventory.Load.Stage;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>
/// "Does not fall": one server beside another in all that R1 to R6 and R8 are made of, many short interleaved pairs of
/// each.
/// </summary>
internal static class Pairs
{
    // Two trials of the very same build differ by a fifth: the median of seven pairs is known to within a tenth, which
    // does not tell a fall of a twentieth, least of all in the worst of seven cases. So there are many, and short ones:
    // the machine has little time to drift between the two of a pair.
    private const int Count = 41;
    private const double FallMax = 0.05;
    public static readonly TrialLength Length = new(
        WarmUp: TimeSpan.FromMilliseconds(250),
        Measured: TimeSpan.FromMilliseconds(750)
    );

    // Under the id of the ratio that each is a side of.
    private static readonly (string Id, Func<ServerTrials, string, Trial> Make)[] Cases =
    [
        ("R1", (trials, side) => trials.Reserve($"ReserveInventory, {side}", Length)),
        ("R2", (trials, side) => trials.ReserveOneRow($"ReserveInventory, one row, {side}", Length)),
        ("R3", (trials, side) => trials.Reserve($"ReserveInventory, 3 lines, {side}", Length, lines: 3)),
        ("R6", (trials, side) => trials.ReserveThenConfirm($"reserve, then confirm, {side}", Length)),
        ("R4", (trials, side) => trials.ReserveStream($"ReserveInventoryStream, {side}", Length)),
        ("R5", (trials, side) => trials.RefuseSoldOut($"ReserveInventory, sold out, {side}", Length)),
        ("R8", (trials, side) => trials.Read($"GetAvailability, {side}", Length)),
    ];

    /// <summary>Whatever the cases call is compiled to its last tier before anything is measured.</summary>
    public static async Task WarmUpAsync(ServerTrials trials)
    {
        await Bench.WarmUpAsync(trials);
        await trials.RefuseSoldOut("warm-up", Bench.WarmUp).RunAsync();
        await trials.Read("warm-up", Bench.WarmUp).RunAsync();
    }

    /// <param name="stage">Where both are.</param>
    /// <param name="id">That every one of them is shown under.</param>
    /// <param name="over">What is judged.</param>
    /// <param name="under">What it is judged by.</param>
    /// <param name="only">The ids of cases; all where there is none.</param>
    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(
        BenchStage stage,
        string id,
        (string Name, ServerTrials Trials) over,
        (string Name, ServerTrials Trials) under,
        IReadOnlyList<string>? only = null
    )
    {
        var ratios = new List<Ratio>();
        foreach (var (_, make) in Cases.Where(c => only is not { Count: > 0 } || only.Contains(c.Id)))
        {
            var (above, below) = (make(over.Trials, over.Name), make(under.Trials, under.Name));
            var rounds = await Rounds.RunAsync(stage, Count, below, above);
            ratios.Add(Ratio.Of(id, rounds, above.Series, below.Series));
        }

        return ratios;
    }

    public static bool Fell(Ratio pairs) => pairs.Median < 1 - FallMax;

    /// <summary>The processor time of a server is not moved by what else the machine does at the time.</summary>
    public static void Print(IReadOnlyList<Ratio> ratios, string over, string under)
    {
        Console.WriteLine();
        Console.WriteLine($"| {over} ÷ {under} | median | spread | pairs | server's CPU an answer | |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var pairs in ratios)
        {
            Console.WriteLine(
                $"| {pairs.Over.Name} | {pairs.Median:N3} | {pairs.Quotients.Min():N2} to {pairs.Quotients.Max():N2} "
                    + $"| {pairs.Quotients.Length} | {pairs.Over.CpuPer1000.Server / pairs.Under.CpuPer1000.Server:N2} "
                    + $"| {(Fell(pairs) ? "FELL" : "does not fall")} |"
            );
        }
    }
}
