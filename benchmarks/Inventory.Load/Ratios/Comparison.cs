using Inventory.Load.Measure;
using Inventory.Load.Stage;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>
/// "Does not fall": this build beside another, each with a database of its own on one cluster, in seven interleaved
/// pairs.
/// </summary>
internal static class Comparison
{
    private const int Pairs = 7;
    private const double FallMax = 0.05;
    private static readonly TrialLength Length = TrialLength.Seconds(warmUp: 1, measured: 2);

    private static readonly Func<ServerTrials, string, Trial>[] Cases =
    [
        (trials, build) => trials.Reserve($"ReserveInventory, {build}", Length),
        (trials, build) => trials.ReserveOneRow($"ReserveInventory, one row, {build}", Length),
        (trials, build) => trials.Reserve($"ReserveInventory, 3 lines, {build}", Length, lines: 3),
        (trials, build) => trials.ReserveThenConfirm($"reserve, then confirm, {build}", Length),
        (trials, build) => trials.ReserveStream($"ReserveInventoryStream, {build}", Length),
        (trials, build) => trials.RefuseSoldOut($"ReserveInventory, sold out, {build}", Length),
        (trials, build) => trials.Read($"GetAvailability, {build}", Length),
    ];

    /// <returns>0 when no case fell by more than 5%, and the tables agree with the answers.</returns>
    public static async Task<int> RunAsync(BenchOptions options)
    {
        await using var stage = await BenchStage.SetAsync(options.Server, options.Logs);
        var ours = await StartAsync(stage, "ours", options.Server);
        var theirs = await StartAsync(stage, "theirs", options.Against ?? options.Server);
        var results = new List<(string Name, double[] Quotients)>();
        foreach (var make in Cases)
        {
            var (our, their) = (make(ours, "this build"), make(theirs, "the other"));
            var rounds = await Rounds.RunAsync(stage, Pairs, their, our);
            results.Add((our.Series.Name, rounds.Quotients(our.Series, their.Series)));
        }

        Console.WriteLine();
        Console.WriteLine("| this build ÷ the other | median | spread | pairs | |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (name, quotients) in results)
        {
            var fell = quotients.Median() < 1 - FallMax;
            Console.WriteLine(
                $"| {name} | {quotients.Median():N3} | {quotients.Min():N2} to {quotients.Max():N2} | {Pairs} "
                    + $"| {(fell ? "FELL" : "does not fall")} |"
            );
        }

        var problems = new List<string>();
        foreach (var database in stage.Databases)
        {
            problems.AddRange(await Reconciliation.FindAsync(database));
        }

        Console.WriteLine(string.Join('\n', problems));
        return problems.Count == 0 && results.TrueForAll(result => result.Quotients.Median() >= 1 - FallMax) ? 0 : 1;
    }

    private static async Task<ServerTrials> StartAsync(BenchStage stage, string name, string program)
    {
        var database = await stage.CreateDatabaseAsync(name, Bench.Items, 1, program);
        var server = await stage.StartServerAsync(database, program);
        var trials = new ServerTrials(stage, database, Bench.Items, 1, server);
        await Bench.WarmUpAsync(trials);
        await trials.RefuseSoldOut("warm-up", Bench.WarmUp).RunAsync();
        await trials.Read("warm-up", Bench.WarmUp).RunAsync();
        return trials;
    }
}
