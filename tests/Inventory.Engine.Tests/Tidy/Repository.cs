namespace Inventory.Engine.Tests.Tidy;

/// <summary>What people wrote: everything under src, tests, benchmarks, eng and protos that no tool made.</summary>
internal static class Repository
{
    private static readonly string[] Folders = ["src", "tests", "benchmarks", "eng", "protos"];
    private static readonly string[] Extensions =
    [
        ".cs",
        ".csproj",
        ".sql",
        ".proto",
        ".sh",
        ".js",
        ".mjs",
        ".cshtml",
        ".razor",
    ];
    private static readonly string[] Generated = ["obj", "bin", "artifacts", "node_modules", "wwwroot"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Sources { get; } =
    [.. Folders.Select(f => Path.Combine(Root, f)).Where(Directory.Exists).SelectMany(Files).Select(Read)];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Inventory.Grpc.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Inventory.Grpc.sln above {AppContext.BaseDirectory}.");
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateDirectories(folder)
            .Where(d => !Generated.Contains(Path.GetFileName(d)))
            .SelectMany(Files)
            .Concat(Directory.EnumerateFiles(folder).Where(f => Extensions.Contains(Path.GetExtension(f))))
            .Order(StringComparer.Ordinal);

    private static SourceFile Read(string file) =>
        new(Path.GetRelativePath(Root, file).Replace('\\', '/'), File.ReadAllText(file));
}
