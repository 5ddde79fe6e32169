using Inventory.Load.Stage;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>This build beside another, each with a database of its own on one cluster.</summary>
internal static class Comparison
{
    /// <returns>0 when no case fell by more than 5%, and the tables agree with the answers.</returns>
    public static async Task<int> RunAsync(BenchOptions options)
    {
        await using var stage = await BenchStage.SetAsync(options.Server, options.Logs, options.Statements);
        var ours = await StartAsync(stage, "ours", options.Server);
        var theirs = await StartAsync(stage, "theirs", options.Against ?? options.Server);
        var ratios = await Pairs.MeasureAsync(
            stage,
            "AGAINST",
            ("this build", ours),
            ("the other", theirs),
            options.Only
        );
        Pairs.Print(ratios, "this build", "the other");

        if (options.Statements)
        {
            await stage.PrintStatementsAsync();
        }

        var problems = new List<string>();
        foreach (var database in stage.Databases)
        {
            problems.AddRange(await Reconciliation.FindAsync(database));
        }

        Console.WriteLine(string.Join('\n', problems));
        return problems.Count == 0 && !ratios.Any(Pairs.Fell) ? 0 : 1;
    }

    private static async Task<ServerTrials> StartAsync(BenchStage stage, string name, string program)
    {
        var database = await stage.CreateDatabaseAsync(name, Bench.Items, 1, program);
        var server = await stage.StartServerAsync(database, program);
        var trials = new ServerTrials(stage, database, Bench.Items, 1, server);
        await Pairs.WarmUpAsync(trials);
        return trials;
    }
}
