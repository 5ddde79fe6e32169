using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Inventory.Load.Measure;
using Inventory.Load.Stage;
using Inventory.Load.Trials;
using Inventory.V1;

namespace Inventory.Load.Ratios;

/// <summary>
/// TRANSACTIONS: how long a page of ListTransactions takes on a journal of 10,000,000 rows, beside one of 100,000 of as
/// many stock rows: by each filter, and the slowest counts. That no statement scanned a table is read from PostgreSQL's
/// own statistics. Questions for the past are told beside them.
/// </summary>
internal static class TransactionsRatio
{
    private const int Items = 500;
    private const int Warehouses = 4;
    private const int Few = 100_000;
    private const int Many = 10_000_000;
    private const int Calls = 200;

    private sealed record Question(string Name, Func<JournalService.JournalServiceClient, int, Task> AskAsync);

    private static Question[] Questions(DateTime first, DateTime last) =>
        [
            List("the newest", _ => new()),
            List("by SKU", n => new() { Sku = Sku(n) }),
            List("by SKU and warehouse", n => new() { Sku = Sku(n), Warehouse = "W2" }),
            List("by SKU, a kind that is rare", n => new() { Sku = Sku(n), Kinds = { TransactionKind.Removed } }),
            List("by warehouse", _ => new() { Warehouse = "W3" }),
            List("by actor", _ => new() { Actor = "clerk-7" }),
            List("by time, long ago", n => new() { EndTime = At(first, last, n) }),
            List("by SKU and time", n => new() { Sku = Sku(n), EndTime = At(first, last, n) }),
            new(
                "GetInventoryAt of a SKU",
                (journal, n) =>
                    journal.GetInventoryAtAsync(new() { Sku = Sku(n), Time = At(first, last, n) }).ResponseAsync
            ),
        ];

    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        var few = await AskAsync(bench, "few", Few);
        var many = await AskAsync(bench, "many", Many);
        var rounds = new Rounds();
        var (over, under) = (new Series("10,000,000 rows", "µs"), new Series("100,000 rows", "µs"));
        foreach (var (name, slow) in many)
        {
            Console.WriteLine($"  {name, -30} {few[name], 9:N0} µs, {slow, 9:N0} µs: {slow / few[name]:N2}");
        }

        var worst = many.Keys.MaxBy(name => many[name] / few[name])!;
        Console.WriteLine($"  the slowest: {worst}");
        rounds.Add(over, new Sample(many[worst], Calls, Commits: 0, default));
        rounds.Add(under, new Sample(few[worst], Calls, Commits: 0, default));
        return [Ratio.Of("TRANSACTIONS", rounds, over, under)];
    }

    private static async Task<Dictionary<string, double>> AskAsync(Bench bench, string name, int rows)
    {
        Console.WriteLine($"  writing a journal of {rows:N0} rows");
        var database = await bench.Stage.CreateDatabaseAsync($"transactions_{name}", Items, Warehouses);
        var past = new PlantedPast(database);
        var (first, last) = await past.PlantAsync(rows);
        var server = await bench.Stage.StartServerAsync(database);
        var followed = await past.FollowedAsync();
        Console.WriteLine(
            $"  history followed at {rows / followed.TotalSeconds:N0} rows a second, in {followed.TotalSeconds:N0} s"
        );
        await past.ForgetScansAsync();
        var medians = new Dictionary<string, double>();
        using (var channel = BenchKey.ChannelTo(server))
        {
            var journal = new JournalService.JournalServiceClient(channel);
            foreach (var question in Questions(first, last))
            {
                medians[question.Name] = await MedianAsync(journal, question);
            }
        }

        // The sessions' ends bring their statistics in.
        await bench.Stage.StopServerAsync(server);
        var scans = await past.ScansAsync();
        Console.WriteLine($"  {scans:N0} rows of the journal were read by scans of whole tables");
        return scans == 0 ? medians : throw new InvalidOperationException("A page was found by reading a whole table.");
    }

    private static async Task<double> MedianAsync(JournalService.JournalServiceClient journal, Question question)
    {
        var micros = new double[Calls];
        for (var n = -20; n < Calls; n++)
        {
            var started = Stopwatch.GetTimestamp();
            await question.AskAsync(journal, Math.Abs(n));
            micros[Math.Max(n, 0)] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        return micros.Median();
    }

    private static Question List(string name, Func<int, ListTransactionsRequest> ask) =>
        new(name, (journal, n) => journal.ListTransactionsAsync(ask(n)).ResponseAsync);

    private static string Sku(int n) => $"SKU-{1 + n * 7 % Items:d12}";

    private static Timestamp At(DateTime first, DateTime last, int n) =>
        Timestamp.FromDateTime(first + (last - first) * ((n * 37 % 100 + 1) / 101d));
}
