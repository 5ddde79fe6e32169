using Inventory.Load.Stage;
using Inventory.Load.Trials;
using Inventory.V1;

namespace Inventory.Load.Ratios;

/// <summary>
/// VERIFY: the memory that a fresh server has at most while it verifies three million stock rows, beside the 200 MiB
/// that it may have. How long it takes is told beside it.
/// </summary>
internal static class VerifyRatio
{
    private const int Items = 1_000_000;
    private const int Warehouses = 3;
    private const double MebibytesAllowed = 200;
    private const double Mebibyte = 1024 * 1024;

    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        Console.WriteLine($"  planting {Items:N0} items in {Warehouses} warehouses");
        var database = await bench.Stage.CreateDatabaseAsync("verify", Items, Warehouses);
        var seller = await bench.Stage.StartServerAsync(database);
        var trials = new ServerTrials(bench.Stage, database, Items, Warehouses, seller);
        await trials.ReserveThenConfirm("sold before", Bench.Length).RunAsync();
        await trials.Reserve("held before", Bench.Length, lines: 3).RunAsync();
        await bench.Stage.StopServerAsync(seller);

        var server = await bench.Stage.StartServerAsync(database);
        var idle = server.MemoryMax;
        var cpu = bench.Stage.ReadCpu();
        var result = await VerifyAsync(server);
        var spent = bench.Stage.ReadCpu() - cpu;
        var most = server.MemoryMax;
        await bench.Stage.StopServerAsync(server);
        var seconds = result.Elapsed.ToTimeSpan().TotalSeconds;
        Console.WriteLine(
            $"  {result.StockRows:N0} rows in {seconds:N1} s, {result.Violations} violations; "
                + $"the server's memory {idle / Mebibyte:N0} MiB before, {most / Mebibyte:N0} MiB at its most"
        );
        if (!result.Consistent || result.StockRows < Items * Warehouses)
        {
            throw new InvalidOperationException("The books of the bench do not agree, or were not all looked at.");
        }

        var rounds = new Rounds();
        var memory = new Series("server memory, verifying 3,000,000 rows", "MiB");
        var allowed = new Series("allowed", "MiB");
        rounds.Add(memory, new Sample(most / Mebibyte, result.StockRows, Commits: 0, spent));
        rounds.Add(allowed, new Sample(MebibytesAllowed, 0, Commits: 0, default));
        return [Ratio.Of("VERIFY", rounds, memory, allowed)];
    }

    private static async Task<VerifyResult> VerifyAsync(RunningServer server)
    {
        using var channel = BenchKey.ChannelTo(server);
        using var call = new JournalService.JournalServiceClient(channel).VerifyInventory(new());
        VerifyResult? result = null;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            result = call.ResponseStream.Current.Result ?? result;
        }

        return result ?? throw new InvalidOperationException("The verification ended without a result.");
    }
}
