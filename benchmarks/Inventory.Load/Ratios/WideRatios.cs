using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>R1 and R4: 100,000 rows, unary and in a stream, beside the same effects one statement at a time.</summary>
internal static class WideRatios
{
    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        var clients = await bench.PgBench.BestClientsAsync("reserve", Bench.Items, Bench.SweepSeconds);
        var sql = bench.PgBench.Trial("pgbench reserve", "reserve", Bench.Items, clients, Bench.Length.MeasuredSeconds);
        var unary = bench.Trials.Reserve("ReserveInventory", Bench.Length);
        var stream = bench.Trials.ReserveStream("ReserveInventoryStream", Bench.Length);
        var rounds = await Rounds.RunAsync(bench.Stage, Bench.RoundsMin, sql, unary, stream);
        return [Ratio.Of("R1", rounds, unary.Series, sql.Series), Ratio.Of("R4", rounds, stream.Series, sql.Series)];
    }
}
