using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>R2 and R5: the flash sale. Everyone wants one row, and then it is sold out.</summary>
internal static class OneRowRatios
{
    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        var clients = await bench.PgBench.BestClientsAsync("reserve", rows: 1, Bench.SweepSeconds);
        var sql = bench.PgBench.Trial("pgbench reserve, one row", "reserve", 1, clients, Bench.Length.MeasuredSeconds);
        var grants = bench.Trials.ReserveOneRow("ReserveInventory, one row", Bench.Length);
        var refusals = bench.Trials.RefuseSoldOut("ReserveInventory, sold out", Bench.Length);
        await bench.Trials.RefuseSoldOut("warm-up", Bench.WarmUp).RunAsync();
        var rounds = await Rounds.RunAsync(bench.Stage, Bench.RoundsMin, sql, grants, refusals);
        return
        [
            Ratio.Of("R2", rounds, grants.Series, sql.Series),
            Ratio.Of("R5", rounds, refusals.Series, grants.Series),
        ];
    }
}
