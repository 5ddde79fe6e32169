using System.Diagnostics;

namespace Inventory.Server.Embedded;

/// <summary>A short program that is run to its end.</summary>
internal static class Command
{
    /// <returns>The exit code, and what it wrote to both outputs.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IEnumerable<string> arguments,
        CancellationToken cancellation
    )
    {
        var line = arguments.ToArray();
        var start = new ProcessStartInfo(line[0], line.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start) ?? throw new EmbeddedException($"{line[0]} could not be run.");
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <exception cref="EmbeddedException">It ended with another code than 0.</exception>
    public static async Task RunCheckedAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var line = arguments.ToArray();
        var (exitCode, output) = await RunAsync(line, cancellation);
        if (exitCode != 0)
        {
            throw new EmbeddedException($"'{string.Join(' ', line)}' failed: {output}");
        }
    }
}
