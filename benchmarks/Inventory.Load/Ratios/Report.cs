using System.Globalization;
using System.Text.Json;
using Inventory.Load.Stage;

namespace Inventory.Load.Ratios;

/// <summary>The table, the file, and one line a ratio.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    public static void Print(IReadOnlyList<Ratio> ratios)
    {
        Console.WriteLine();
        Console.WriteLine("| | ratio | median | spread | n | floor | goal | reached | over | under |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var ratio in ratios)
        {
            var target = RatioTarget.Of(ratio.Id);
            Console.WriteLine(
                $"| {ratio.Id} | {target.What} | {ratio.Median:N2} "
                    + $"| {ratio.Quotients.Min():N2} to {ratio.Quotients.Max():N2} | {ratio.Quotients.Length} "
                    + $"| {target.Floor} | {target.Goal} | {target.Judge(ratio.Median)} "
                    + $"| {Show(ratio.Over)} | {Show(ratio.Under)} |"
            );
        }

        Console.WriteLine();
        Console.WriteLine("CPU seconds for each thousand of what is counted, and grants a commit:");
        Console.WriteLine("| | server | PostgreSQL | Redis | client | client's share | grants a commit |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (
            var side in ratios
                .SelectMany(ratio => new[] { ratio.Over, ratio.Under })
                .DistinctBy(side => side.Name)
                .Where(side => side.CpuPer1000.Total > 0)
        )
        {
            var cpu = side.CpuPer1000;
            Console.WriteLine(
                $"| {side.Name} | {cpu.Server:N3} | {cpu.Postgres:N3} | {cpu.Redis:N3} | {cpu.Client:N3} "
                    + $"| {cpu.Client / cpu.Total:P0} | {side.GrantsPerCommit:N1} |"
            );
        }
    }

    public static void PrintLines(IReadOnlyList<Ratio> ratios)
    {
        Console.WriteLine();
        foreach (var ratio in ratios)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ratio.Id}={ratio.Median:0.00}"));
        }
    }

    public static async Task WriteAsync(string path, IReadOnlyList<Ratio> ratios, BenchStage stage)
    {
        var sizes = new Dictionary<string, object>();
        foreach (var database in stage.Databases)
        {
            sizes[database.Name] = await database.SizesAsync();
        }

        var document = new
        {
            MeasuredAt = TimeProvider.System.GetUtcNow(),
            Machine = new
            {
                Environment.ProcessorCount,
                Kernel = Environment.OSVersion.VersionString,
                HugePages = stage.HasHugePages,
            },
            Ratios = ratios.ToDictionary(
                ratio => ratio.Id,
                ratio => new
                {
                    Value = Math.Round(ratio.Median, 3),
                    ratio.Quotients,
                    N = ratio.Quotients.Length,
                    Target = RatioTarget.Of(ratio.Id),
                    ratio.Over,
                    ratio.Under,
                }
            ),
            TableBytes = sizes,
        };
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? ".");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(document, Json) + "\n");
    }

    private static string Show(Side side) => $"{side.Figure:N0} {side.Unit}";
}
