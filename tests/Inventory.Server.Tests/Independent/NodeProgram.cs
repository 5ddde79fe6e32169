using System.Diagnostics;

namespace Inventory.Server.Tests.Independent;

/// <summary>Programs of npm, installed by their lock file into an ignored folder beside it.</summary>
internal static class NodeProgram
{
    private static readonly SemaphoreSlim Installing = new(1);

    public static string Repository { get; } = FindRepository();

    /// <summary>Installs what the folder's lock file names, once.</summary>
    public static async Task InstallAsync(string folder)
    {
        await Installing.WaitAsync();
        try
        {
            var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
            var wanted = new FileInfo(Path.Combine(folder, "package-lock.json"));
            if (!installed.Exists || installed.LastWriteTimeUtc < wanted.LastWriteTimeUtc)
            {
                await RunAsync("npm", folder, "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error");
            }
        }
        finally
        {
            Installing.Release();
        }
    }

    /// <returns>What it wrote to its output.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message is what it wrote to its errors.</exception>
    public static async Task<string> RunAsync(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
    }

    private static string FindRepository()
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
}
