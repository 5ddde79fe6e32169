using Dapper;
using Inventory.Load.Stage;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>
/// R12: holds are granted for a short time, the server is stopped until all are past it, and started again. How fast it
/// ends them, by the times that it wrote, beside how fast they were granted.
/// </summary>
internal static class ExpiryRatio
{
    private const int RoundsCount = 2;

    /// <summary>Longer than the trial, so that none lapses before the server is stopped.</summary>
    private const int HoldSeconds = 15;

    private static readonly TimeSpan DrainMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    // Holds of the warm-up last far longer, and are no part of it.
    private const string WaitingSql = """
        -- bench.waiting_to_lapse
        SELECT EXISTS (
            SELECT FROM reservation
            WHERE state = 2 AND expires_at > clock_timestamp() AND expires_at < clock_timestamp() + interval '1 minute')
        """;

    private const string DueSql = """
        -- bench.due
        SELECT EXISTS (SELECT FROM reservation WHERE state = 2 AND expires_at <= clock_timestamp())
        """;

    // The first batch was at work before its own time was written, so its rows are not in the span and are not counted.
    private const string RateSql = """
        -- bench.expiry_rate
        WITH ended AS MATERIALIZED (
            SELECT ended_at, min(ended_at) OVER () AS first FROM reservation WHERE state = 7 AND ended_at > @Start)
        SELECT count(*) AS expired,
            (count(*) FILTER (WHERE ended_at > first) / nullif(extract(epoch FROM max(ended_at) - min(first)), 0))::float8 AS rate
        FROM ended
        """;

    private const string NowSql = """
        -- bench.now
        SELECT clock_timestamp()
        """;

    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        var stage = bench.Stage;
        var database = await stage.CreateDatabaseAsync("expiry", Bench.Items, 1);
        var server = await stage.StartServerAsync(database);
        await Bench.WarmUpAsync(new ServerTrials(stage, database, Bench.Items, 1, server));

        var rounds = new Rounds();
        var expired = new Series("holds expired", "/s");
        var granted = new Series($"ReserveInventory, held for {HoldSeconds} s", "/s");
        for (var round = 0; round < RoundsCount; round++)
        {
            var trials = new ServerTrials(stage, database, Bench.Items, 1, server);
            rounds.Add(granted, await trials.Reserve(granted.Name, Bench.Length, holdSeconds: HoldSeconds).RunAsync());
            await stage.StopServerAsync(server);
            await WhileAsync(database, WaitingSql);

            var cpu = stage.ReadCpu();
            var start = await ReadAsync<DateTime>(database, NowSql);
            server = await stage.StartServerAsync(database);
            await WhileAsync(database, DueSql);
            var spent = stage.ReadCpu() - cpu;
            var (count, rate) = await ReadAsync<(long, double)>(database, RateSql, new { Start = start });
            rounds.Add(expired, new Sample(rate, count, Commits: 0, spent));
        }

        await stage.StopServerAsync(server);
        return [Ratio.Of("R12", rounds, expired, granted)];
    }

    private static async Task WhileAsync(StageDatabase database, string sql)
    {
        using var limit = new CancellationTokenSource(DrainMax);
        while (await ReadAsync<bool>(database, sql))
        {
            await Task.Delay(LookEvery, limit.Token);
        }
    }

    private static async Task<T> ReadAsync<T>(StageDatabase database, string sql, object? parameters = null)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<T>(sql, parameters, commandTimeout: 600);
    }
}
