using System.Diagnostics;
using Inventory.Load.Stage;

namespace Inventory.Load.Ratios;

/// <summary>
/// Which ratios are measured, in which order, and that every figure stands only if the books balance.
/// </summary>
internal static class Suite
{
    private static readonly string[] Quick = ["R1", "R2", "R4", "R8"];

    private static readonly Step[] Steps =
    [
        new(["R1", "R4"], WideRatios.MeasureAsync),
        new(["R2", "R5"], OneRowRatios.MeasureAsync),
        new(["R3"], OrderRatios.MeasureLinesAsync),
        new(["R6"], OrderRatios.MeasureConfirmAsync),
        new(["R8"], ReadRatios.MeasureCostAsync),
        new(["R9"], ReadRatios.MeasureLatencyAsync),
        new(["R13"], TwoServersRatio.MeasureAsync),
        new(["R11"], SizeRatio.MeasureAsync),
        new(["R7"], DurabilityRatio.MeasureAsync),
        new(["R12"], ExpiryRatio.MeasureAsync),
        new(["R10"], EnduranceRatio.MeasureAsync),
        new(["OVERLOAD"], OverloadRatio.MeasureAsync),
        new(["FOLLOW"], FollowRatio.MeasureAsync),
        new(["FOLLOWERS"], FollowersRatio.MeasureAsync),
        new(["VERIFY"], VerifyRatio.MeasureAsync),
        new(["AUTH"], AuthenticationRatio.MeasureAsync),
        new(["FLOODS"], FloodRatio.MeasureAsync),
        new(["SCANS"], ScanRatio.MeasureAsync),
        new(["TRANSACTIONS"], TransactionsRatio.MeasureAsync),
    ];

    private sealed record Step(string[] Ids, Func<Bench, Task<IReadOnlyList<Ratio>>> MeasureAsync);

    /// <returns>0 when every ratio that was asked for was measured and the tables agree with the answers.</returns>
    public static async Task<int> RunAsync(BenchOptions options)
    {
        var started = Stopwatch.GetTimestamp();
        var asked =
            options.Only.Count > 0 ? options.Only
            : options.Quick ? Quick
            : [.. RatioTarget.All.Where(t => !t.OnDemand).Select(t => t.Id)];
        await using var stage = await BenchStage.SetAsync(options.Server, options.Logs, options.Statements);
        var bench = await Bench.SetAsync(stage);
        var ratios = new List<Ratio>();
        var failures = new List<string>();
        foreach (var step in Steps.Where(step => step.Ids.Intersect(asked).Any()))
        {
            Console.WriteLine(
                $"{string.Join(", ", step.Ids)}, {Stopwatch.GetElapsedTime(started):mm\\:ss} into the run"
            );
            try
            {
                ratios.AddRange(await step.MeasureAsync(bench));
            }
            // One ratio without a figure does not take the others away.
            catch (Exception failed) when (failed is InvalidOperationException or IOException or TimeoutException)
            {
                failures.Add($"{string.Join(", ", step.Ids)}: {failed.Message}");
                Console.WriteLine($"  no figure: {failed.Message}");
            }
        }

        if (!options.Quick && options.Only.Count == 0)
        {
            Console.WriteLine("For information: the three-statement transaction that most teams would write");
            await OrderRatios.ShowPlainAsync(bench);
        }

        if (options.Statements)
        {
            await stage.PrintStatementsAsync();
        }

        failures.AddRange(await ReconcileAsync(bench.Stage.Databases));
        var ordered = ratios
            .Where(ratio => asked.Contains(ratio.Id))
            .OrderBy(ratio => RatioTarget.All.ToList().FindIndex(target => target.Id == ratio.Id))
            .ToArray();
        return await FinishAsync(options, bench, ordered, failures, Stopwatch.GetElapsedTime(started));
    }

    private static async Task<int> FinishAsync(
        BenchOptions options,
        Bench bench,
        Ratio[] ratios,
        List<string> failures,
        TimeSpan took
    )
    {
        if (failures.Count > 0)
        {
            Console.WriteLine();
            Console.WriteLine("These stand in the way of figures:");
            Console.WriteLine(string.Join('\n', failures.Select(failure => $"- {failure}")));
            if (ratios.Length == 0)
            {
                return 1;
            }
        }

        Report.Print(ratios);
        await Report.WriteAsync(options.Output, ratios, bench.Stage);
        Console.WriteLine($"Took {took:mm\\:ss}; also in {options.Output}");
        Report.PrintLines(ratios);
        return failures.Count == 0 ? 0 : 1;
    }

    private static async Task<List<string>> ReconcileAsync(IEnumerable<StageDatabase> databases)
    {
        Console.WriteLine("Reconciling the tables with the answers");
        var problems = new List<string>();
        foreach (var database in databases)
        {
            problems.AddRange(await Reconciliation.FindAsync(database));
        }

        return problems;
    }
}
