using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Inventory.Load.Stage;

/// <summary>The real server, published, in a process of its own.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    // The shell tells the server's pid, and ends it when its own input ends: when we ask for it, or are no more.
    private const string Script = """
        exec 3<&0
        dotnet "$@" </dev/null &
        server=$!
        echo "pid $server"
        { read -r _ <&3; kill -TERM $server; } &
        watch=$!
        wait $server
        code=$?
        kill $watch 2>/dev/null
        exit $code
        """;

    private const string PidWord = "pid ";
    private const string ReadyWord = "ready grpc=http://";
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(60);

    private readonly Process shell;
    private readonly Task log;

    private RunningServer(Process shell, int pid, IPEndPoint grpc, Task log)
    {
        this.shell = shell;
        this.log = log;
        Pid = pid;
        Grpc = grpc;
    }

    public IPEndPoint Grpc { get; }

    public int Pid { get; }

    /// <summary>The most bytes that it has had in memory at once.</summary>
    public long MemoryMax
    {
        get
        {
            using var server = Process.GetProcessById(Pid);
            return server.PeakWorkingSet64;
        }
    }

    /// <param name="command">What follows <c>dotnet</c>.</param>
    /// <param name="logFile">What the server writes goes there.</param>
    /// <param name="anonymous">In Development and without authentication: calls from this machine need none.</param>
    /// <param name="settings">What else it is told, by its environment.</param>
    public static async Task<RunningServer> StartAsync(
        IReadOnlyList<string> command,
        StageDatabase database,
        string logFile,
        bool anonymous = false,
        IReadOnlyDictionary<string, string>? settings = null
    )
    {
        var shell = Launch(
            "sh",
            ["-c", Script, "sh", .. command, "--grpc-port", "0", "--http-port", "0"],
            database,
            anonymous,
            settings
        );
        var pid = 0;
        using var limit = new CancellationTokenSource(StartMax);
        while (await shell.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith(PidWord, StringComparison.Ordinal))
            {
                pid = int.Parse(line.AsSpan(PidWord.Length), CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith(ReadyWord, StringComparison.Ordinal))
            {
                var grpc = IPEndPoint.Parse(line[ReadyWord.Length..].Split(' ')[0]);
                return new RunningServer(shell, pid, grpc, CopyAsync(logFile, shell));
            }
        }

        await CopyAsync(logFile, shell);
        await shell.WaitForExitAsync(limit.Token);
        throw new InvalidOperationException($"The server ended at its start with {shell.ExitCode}: see {logFile}.");
    }

    public static async Task MigrateAsync(string program, StageDatabase database)
    {
        using var process = Launch("dotnet", [program, "migrate"], database);
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
        shell.StandardInput.Close();
        using var limit = new CancellationTokenSource(StopMax);
        await shell.WaitForExitAsync(limit.Token);
        await log;
        shell.Dispose();
    }

    private static Process Launch(
        string program,
        IReadOnlyList<string> arguments,
        StageDatabase database,
        bool anonymous = false,
        IReadOnlyDictionary<string, string>? settings = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = anonymous ? "Development" : "Production",
                ["ConnectionStrings__Inventory"] = database.ConnectionString,
                ["ConnectionStrings__Redis"] = database.Redis,
                ["INVENTORY_API_KEYS"] = anonymous ? "off" : "on",
            },
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
    }

    private static async Task CopyAsync(string logFile, Process shell)
    {
        await using var log = TextWriter.Synchronized(File.AppendText(logFile));
        await Task.WhenAll(CopyAsync(shell.StandardOutput, log), CopyAsync(shell.StandardError, log));
    }

    private static async Task CopyAsync(TextReader from, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            await to.WriteLineAsync(line);
            await to.FlushAsync();
        }
    }
}
