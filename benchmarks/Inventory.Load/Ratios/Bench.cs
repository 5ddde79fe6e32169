using Inventory.Load.Stage;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>
/// What the ratios share: the stage, the usual databases with the server and pgbench on them, and the report.
/// </summary>
internal sealed class Bench
{
    public const int Items = 100_000;
    public const int RoundsMin = 5;
    public const int SweepSeconds = 2;

    public static readonly TrialLength Length = TrialLength.Seconds(warmUp: 1, measured: 2);
    public static readonly TrialLength WarmUp = TrialLength.Seconds(warmUp: 0, measured: 2);

    private Bench(BenchStage stage, StageDatabase database, RunningServer server, StageDatabase sql)
    {
        Stage = stage;
        Database = database;
        Server = server;
        Trials = new ServerTrials(stage, database, Items, 1, server);
        PgBench = new PgBench(stage, sql);
    }

    public BenchStage Stage { get; }

    public StageDatabase Database { get; }

    public RunningServer Server { get; }

    public ServerTrials Trials { get; }

    public PgBench PgBench { get; }

    public static async Task<Bench> SetAsync(BenchStage stage)
    {
        Console.WriteLine($"Setting up: a private PostgreSQL and Redis, {Items:N0} stock rows.");
        var database = await stage.CreateDatabaseAsync("wide", Items, 1);
        var sql = await stage.CopyDatabaseAsync(database, "sql");
        var server = await stage.StartServerAsync(database);
        var bench = new Bench(stage, database, server, sql);
        await WarmUpAsync(bench.Trials);
        return bench;
    }

    /// <summary>
    /// What sells is compiled to its last tier, and most items are known, before anything is measured.
    /// </summary>
    public static async Task WarmUpAsync(ServerTrials trials)
    {
        Trial[] all =
        [
            trials.CheckHealth("warm-up", WarmUp),
            trials.Reserve("warm-up", WarmUp),
            trials.Reserve("warm-up", WarmUp, lines: 3),
            trials.ReserveThenConfirm("warm-up", WarmUp),
            trials.ReserveStream("warm-up", WarmUp),
            trials.Reserve("warm-up", WarmUp),
        ];
        foreach (var trial in all)
        {
            await trial.RunAsync();
        }
    }
}
