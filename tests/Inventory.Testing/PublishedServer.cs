using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Inventory.Testing;

/// <summary>The server itself, as a process that can be asked to stop and killed. It never outlives this one.</summary>
public sealed partial class PublishedServer : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly Process guard;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource<Match> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PublishedServer(IReadOnlyDictionary<string, string> environment)
    {
        var server = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Inventory.Server.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
            Environment = { ["INVENTORY_GRPC_PORT"] = "0", ["INVENTORY_HTTP_PORT"] = "0" },
        };
        foreach (var (name, value) in environment)
        {
            server.Environment[name] = value;
        }

        process = Process.Start(server)!;
        guard = Process.Start(GuardOf(process.Id))!;
        process.OutputDataReceived += Read;
        process.ErrorDataReceived += Read;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Pid => process.Id;

    public Uri Grpc { get; private set; } = null!;

    public Uri Http { get; private set; } = null!;

    /// <summary>What it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Starts it on free ports and waits until it says that it serves.</summary>
    public static async Task<PublishedServer> StartAsync(IReadOnlyDictionary<string, string> environment)
    {
        var server = Launch(environment);
        try
        {
            var ended = server.process.WaitForExitAsync();
            await Task.WhenAny(server.ready.Task, ended).WaitAsync(StartMax);
            if (!server.ready.Task.IsCompleted)
            {
                throw new InvalidOperationException($"The server ended:\n{server.Output}");
            }

            var addresses = await server.ready.Task;
            server.Grpc = new Uri(addresses.Groups["grpc"].Value);
            server.Http = new Uri(addresses.Groups["http"].Value);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it without waiting, for a start that is to fail.</summary>
    public static PublishedServer Launch(IReadOnlyDictionary<string, string> environment) => new(environment);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await ExitAsync();
    }

    /// <summary>Sends a signal by its name, as in TERM or STOP.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Pid}"]);
        await kill.WaitForExitAsync();
    }

    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        return await ExitAsync();
    }

    /// <summary>Waits for its end, and for the last of its output.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(StopMax);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        await guard.StandardInput.WriteLineAsync("over");
        guard.StandardInput.Close();
        await guard.WaitForExitAsync();
        guard.Dispose();
        process.Dispose();
    }

    [GeneratedRegex("^ready grpc=(?<grpc>[^ ]+) http=(?<http>[^ ]+)$")]
    private static partial Regex Ready();

    /// <summary>Waits at the end of a pipe: without a word from us, it is we who have ended.</summary>
    private static ProcessStartInfo GuardOf(int pid) =>
        new("setsid", ["sh", "-c", $"read -r word; [ \"$word\" = over ] || kill -KILL {pid}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    private void Read(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
        {
            return;
        }

        lock (output)
        {
            output.AppendLine(line.Data);
        }

        if (Ready().Match(line.Data) is { Success: true } match)
        {
            ready.TrySetResult(match);
        }
    }
}
