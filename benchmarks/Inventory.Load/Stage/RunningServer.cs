using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace Inventory.Load.Stage;

/// <summary>The real server, published, in a process of its own.</summary>
internal sealed partial class RunningServer : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Task log;

    private RunningServer(Process process, Task log, IPEndPoint grpc)
    {
        this.process = process;
        this.log = log;
        Grpc = grpc;
    }

    public IPEndPoint Grpc { get; }

    public int Pid => process.Id;

    /// <summary>The most bytes that it has had in memory at once.</summary>
    public long MemoryMax => process.PeakWorkingSet64;

    /// <param name="command">What follows <c>dotnet</c>.</param>
    /// <param name="logFile">What the server writes goes there.</param>
    public static async Task<RunningServer> StartAsync(
        IReadOnlyList<string> command,
        StageDatabase database,
        string logFile
    )
    {
        var process = Launch([.. command, "--grpc-port", "0", "--http-port", "0"], database);
        using var limit = new CancellationTokenSource(StartMax);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("ready grpc=http://", StringComparison.Ordinal))
            {
                var grpc = IPEndPoint.Parse(line.Split(' ')[1]["grpc=http://".Length..]);
                return new RunningServer(process, CopyAsync(logFile, process), grpc);
            }
        }

        await process.WaitForExitAsync(limit.Token);
        await CopyAsync(logFile, process);
        throw new InvalidOperationException($"The server ended at its start with {process.ExitCode}: see {logFile}.");
    }

    public static async Task MigrateAsync(string program, StageDatabase database)
    {
        using var process = Launch([program, "migrate"], database);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The migration ended with {process.ExitCode}: {errors}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Kill(process.Id, Terminate) == 0)
        {
            using var limit = new CancellationTokenSource(StopMax);
            await process.WaitForExitAsync(limit.Token);
        }

        await log;
        process.Dispose();
    }

    private static Process Launch(IReadOnlyList<string> arguments, StageDatabase database)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ConnectionStrings__Inventory"] = database.ConnectionString,
                ["ConnectionStrings__Redis"] = database.Redis,
            },
        };
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start.");
    }

    private static async Task CopyAsync(string logFile, Process process)
    {
        await using var log = TextWriter.Synchronized(File.AppendText(logFile));
        await Task.WhenAll(CopyAsync(process.StandardOutput, log), CopyAsync(process.StandardError, log));
    }

    private static async Task CopyAsync(TextReader from, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            await to.WriteLineAsync(line);
            await to.FlushAsync();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
