using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Inventory.Load.Stage;
using Npgsql;

namespace Inventory.Load.Trials;

/// <summary>
/// PostgreSQL's own load generator, on a database of its own beside the server's: the same rows, indexes and settings.
/// </summary>
internal sealed partial class PgBench(BenchStage stage, StageDatabase database)
{
    private const int ThreadsMax = 2;

    // The first second of each run is its warm-up, as the server's trials have one.
    private const int WarmUpSeconds = 1;

    private static readonly int[] Sweep = [1, 4, 16, 64];
    private static readonly string Program = Find();
    private int run;

    /// <summary>The number of clients at which it is fastest.</summary>
    public async Task<int> BestClientsAsync(string script, int rows, int seconds)
    {
        var best = (Clients: 0, PerSecond: 0.0);
        foreach (var clients in Sweep)
        {
            var sample = await RunAsync(script, rows, clients, seconds);
            Console.WriteLine($"  pgbench {script}, {rows:N0} rows, {clients} clients: {sample.Figure:N0} /s");
            best = sample.Figure > best.PerSecond ? (clients, sample.Figure) : best;
        }

        return best.Clients;
    }

    public Trial Trial(string name, string script, int rows, int clients, int seconds) =>
        new(new Series($"{name} ({clients} clients)", "/s"), () => RunAsync(script, rows, clients, seconds));

    private async Task<Sample> RunAsync(string script, int rows, int clients, int seconds)
    {
        var commits = await database.WritingTransactionsAsync();
        var cpu = stage.ReadCpu();
        var (output, errors) = await ExecuteAsync(
            ["-f", Path.Combine(AppContext.BaseDirectory, "pgbench", $"{script}.sql")],
            ["-D", $"rows={rows}", "-D", $"run={++run}", "-c", $"{clients}", "-j", $"{Math.Min(clients, ThreadsMax)}"],
            ["-T", $"{WarmUpSeconds + seconds}", "-P", "1"]
        );
        var spent = stage.ReadCpu() - cpu;
        var done = long.Parse(Processed().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        database.Ledger.Count(done);
        var perSecond = Progress()
            .Matches(errors)
            .Skip(WarmUpSeconds)
            .Average(second => double.Parse(second.Groups[1].Value, CultureInfo.InvariantCulture));
        return new Sample(perSecond, done, await database.WritingTransactionsAsync() - commits, spent);
    }

    private async Task<(string Output, string Errors)> ExecuteAsync(params IEnumerable<string[]> arguments)
    {
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var start = new ProcessStartInfo(Program, ["-n", "-M", "prepared", .. arguments.SelectMany(part => part)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PGHOST"] = connection.Host,
                ["PGPORT"] = connection.Port.ToString(CultureInfo.InvariantCulture),
                ["PGUSER"] = connection.Username,
                ["PGPASSWORD"] = connection.Password,
                ["PGDATABASE"] = connection.Database,
                ["PGOPTIONS"] = $"-c search_path={connection.SearchPath} -c jit=off",
            },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("pgbench does not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var failed =
            process.ExitCode != 0 || !(await output).Contains("failed transactions: 0 ", StringComparison.Ordinal);
        return failed
            ? throw new InvalidOperationException($"pgbench failed: {await errors}")
            : (await output, await errors);
    }

    /// <summary>Debian keeps it beside the server of its version; elsewhere it is on the path.</summary>
    private static string Find() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .EnumerateDirectories("/usr/lib/postgresql")
                .Select(version => Path.Combine(version, "bin", "pgbench"))
                .Where(File.Exists)
                .OrderDescending(StringComparer.Ordinal)
                .FirstOrDefault("pgbench")
            : "pgbench";

    [GeneratedRegex(@"transactions actually processed: (\d+)")]
    private static partial Regex Processed();

    [GeneratedRegex(@"^progress: [\d.]+ s, ([\d.]+) tps", RegexOptions.Multiline)]
    private static partial Regex Progress();
}
