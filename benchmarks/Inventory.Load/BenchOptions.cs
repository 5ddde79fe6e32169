using System.Globalization;

namespace Inventory.Load;

/// <summary>What eng/bench.sh passes on.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        --server <dll>       the published Inventory.Server.dll to measure (eng/bench.sh publishes it)
        --output <file>      where the ratios are written as JSON
        --quick              R1, R2, R4 and R8 only
        --only R1,R9         these ratios only; OVERLOAD, FOLLOW, VERIFY, AUTH, FLOODS, SCANS and TRANSACTIONS only so
        --statements         also: what PostgreSQL's time went into, by statement; no figure then is one to quote
        --bulk               instead: bulk updates beside one call a row
        --against <folder>   instead: compare with another published build, 41 short interleaved pairs of each case
                             (with --only R1,R8: of the calls of these ratios)
        --watchers <count>   instead: reservations with and without so many watchers, and how soon those hear
        """;

    public required string Server { get; init; }

    public required string Output { get; init; }

    /// <summary>The folder of the servers' logs, beside the ratios.</summary>
    public string Logs => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Output)) ?? ".", "logs");

    public bool Quick { get; init; }

    public bool Statements { get; init; }

    public bool Bulk { get; init; }

    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>0: the ratios are measured.</summary>
    public int Watchers { get; init; }

    /// <summary>The other build's Inventory.Server.dll.</summary>
    public string? Against { get; init; }

    /// <exception cref="ArgumentException">
    /// An option is unknown, or lacks its value; the message says which.
    /// </exception>
    public static BenchOptions Parse(IReadOnlyList<string> args)
    {
        var options = new BenchOptions { Server = "", Output = "artifacts/bench/ratios.json" };
        for (var i = 0; i < args.Count; i++)
        {
            string Value() => ++i < args.Count ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value.");
            options = args[i] switch
            {
                "--server" => options with { Server = Value() },
                "--output" => options with { Output = Value() },
                "--quick" => options with { Quick = true },
                "--statements" => options with { Statements = true },
                "--bulk" => options with { Bulk = true },
                "--only" => options with { Only = Known(Value().Split(',')) },
                "--watchers" => options with { Watchers = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--against" => options with { Against = Path.Combine(Value(), "Inventory.Server.dll") },
                var other => throw new ArgumentException($"{other} is no option.\n{Usage}"),
            };
        }

        var missing = new[] { options.Server, options.Against ?? options.Server }.FirstOrDefault(dll =>
            !File.Exists(dll)
        );
        return missing is null ? options : throw new ArgumentException($"There is no server at '{missing}'.\n{Usage}");
    }

    private static string[] Known(string[] ids) =>
        ids.Except(Ratios.RatioTarget.All.Select(target => target.Id)).FirstOrDefault() is { } unknown
            ? throw new ArgumentException($"{unknown} is no ratio.")
            : ids;
}
