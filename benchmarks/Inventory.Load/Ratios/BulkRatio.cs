using System.Diagnostics;
using Inventory.Load.Measure;
using Inventory.Load.Stage;
using Inventory.V1;

namespace Inventory.Load.Ratios;

/// <summary>
/// 100,000 stock rows edited by bulk updates, beside one call a row: by one caller who waits for each answer, as a
/// script does, and by 64 at once. Rows a second, in turn; each form does the same to the books.
/// </summary>
internal static class BulkRatio
{
    private const int RoundsCount = 3;
    private const int RowsACall = 10_000;
    private const int Callers = 64;
    private const double Floor = 20;
    private static readonly TimeSpan SingleTime = TimeSpan.FromSeconds(3);

    private sealed record Form(string Name, Func<StockService.StockServiceClient, Task<double>> RowsASecondAsync);

    private static readonly Form OneByOne = new("one call a row, one caller", client => SingleAsync(client, 1));

    private static readonly Form[] Forms =
    [
        OneByOne,
        new($"one call a row, {Callers} callers", client => SingleAsync(client, Callers)),
        new("10,000 a call, ABORT", client => UnaryAsync(client, BulkOnError.Abort)),
        new("10,000 a call, CONTINUE", client => UnaryAsync(client, BulkOnError.Continue)),
        new("100,000 in one stream, ABORT", client => StreamAsync(client, BulkOnError.Abort)),
        new("100,000 in one stream, CONTINUE", client => StreamAsync(client, BulkOnError.Continue)),
    ];

    /// <returns>0 when the slowest form of the bulk reaches the floor and the tables agree.</returns>
    public static async Task<int> RunAsync(BenchOptions options)
    {
        await using var stage = await BenchStage.SetAsync(options.Server, options.Logs);
        var database = await stage.CreateDatabaseAsync("bulk", Bench.Items, 1);
        var server = await stage.StartServerAsync(database);
        using var channel = BenchKey.ChannelTo(server);
        var client = new StockService.StockServiceClient(channel);
        var rates = Forms.ToDictionary(f => f, _ => new List<double>());
        for (var round = 0; round <= RoundsCount; round++)
        {
            foreach (var form in Forms)
            {
                await stage.CheckpointAsync();
                var rate = await form.RowsASecondAsync(client);
                // The first round compiles, and learns the names.
                if (round > 0)
                {
                    rates[form].Add(rate);
                }
            }
        }

        Console.WriteLine();
        Console.WriteLine($"| {Bench.Items:N0} stock rows | rows/s, median of {RoundsCount} | ÷ one by one |");
        Console.WriteLine("|---|---|---|");
        var one = rates[OneByOne].Median();
        foreach (var form in Forms)
        {
            Console.WriteLine($"| {form.Name} | {rates[form].Median():N0} | {rates[form].Median() / one:N1} |");
        }

        Console.WriteLine($"Server memory at most {server.MemoryMax >> 20} MiB");
        var problems = await Reconciliation.FindAsync(database);
        Console.WriteLine(string.Join('\n', problems));
        var slowest = Forms.Skip(2).Min(f => rates[f].Median());
        return problems.Count == 0 && slowest >= Floor * one ? 0 : 1;
    }

    private static async Task<double> SingleAsync(StockService.StockServiceClient client, int callers)
    {
        var done = 0;
        var since = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            Enumerable
                .Range(0, callers)
                .Select(async caller =>
                {
                    for (var n = caller; Stopwatch.GetElapsedTime(since) < SingleTime; n += callers)
                    {
                        var edit = new AdjustInventoryRequest
                        {
                            Sku = Sku(n % Bench.Items),
                            Warehouse = "W1",
                            Delta = 1,
                            Reason = "bench",
                        };
                        await client.AdjustInventoryAsync(edit);
                        Interlocked.Increment(ref done);
                    }
                })
        );
        return done / Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    private static async Task<double> UnaryAsync(StockService.StockServiceClient client, BulkOnError onError)
    {
        var since = Stopwatch.GetTimestamp();
        foreach (var rows in Enumerable.Range(0, Bench.Items).Chunk(RowsACall))
        {
            var call = new BulkUpdateInventoryRequest { OnError = onError, Rows = { rows.Select(Row) } };
            var answer = await client.BulkUpdateInventoryAsync(call);
            Check(answer.AppliedCount, rows.Length);
        }

        return Bench.Items / Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    private static async Task<double> StreamAsync(StockService.StockServiceClient client, BulkOnError onError)
    {
        var since = Stopwatch.GetTimestamp();
        using var call = client.BulkUpdateInventoryStream();
        foreach (var rows in Enumerable.Range(0, Bench.Items).Chunk(RowsACall))
        {
            await call.RequestStream.WriteAsync(new() { OnError = onError, Rows = { rows.Select(Row) } });
        }

        await call.RequestStream.CompleteAsync();
        Check((await call.ResponseAsync).AppliedCount, Bench.Items);
        return Bench.Items / Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    private static void Check(int applied, int asked)
    {
        if (applied != asked)
        {
            throw new InvalidOperationException($"{applied} of {asked} rows were applied.");
        }
    }

    private static BulkUpdateRow Row(int number) =>
        new()
        {
            Sku = Sku(number),
            Warehouse = "W1",
            Mode = BulkMode.Adjust,
            Quantity = 1,
            Reason = "bench",
        };

    private static string Sku(int number) => $"SKU-{number + 1:d12}";
}
