using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>R3 and R6: orders of three lines, and orders that are reserved and then confirmed.</summary>
internal static class OrderRatios
{
    public static async Task<IReadOnlyList<Ratio>> MeasureLinesAsync(Bench bench)
    {
        const string script = "reserve-3-lines";
        var clients = await bench.PgBench.BestClientsAsync(script, Bench.Items, Bench.SweepSeconds);
        var sql = bench.PgBench.Trial("pgbench 3 lines", script, Bench.Items, clients, Bench.Length.MeasuredSeconds);
        var orders = bench.Trials.Reserve("ReserveInventory, 3 lines", Bench.Length, lines: 3);
        var rounds = await Rounds.RunAsync(bench.Stage, Bench.RoundsMin, sql, orders);
        return [Ratio.Of("R3", rounds, orders.Series, sql.Series)];
    }

    public static async Task<IReadOnlyList<Ratio>> MeasureConfirmAsync(Bench bench)
    {
        const string script = "reserve-then-confirm";
        var clients = await bench.PgBench.BestClientsAsync(script, Bench.Items, Bench.SweepSeconds);
        var sql = bench.PgBench.Trial(
            "pgbench reserve + confirm",
            script,
            Bench.Items,
            clients,
            Bench.Length.MeasuredSeconds
        );
        var orders = bench.Trials.ReserveThenConfirm("reserve, then confirm", Bench.Length);
        var rounds = await Rounds.RunAsync(bench.Stage, Bench.RoundsMin, sql, orders);
        return [Ratio.Of("R6", rounds, orders.Series, sql.Series)];
    }

    /// <summary>The transaction that most teams would write: no ratio, but people ask.</summary>
    public static async Task ShowPlainAsync(Bench bench) =>
        await bench.PgBench.BestClientsAsync("reserve-plain", Bench.Items, Bench.SweepSeconds);
}
