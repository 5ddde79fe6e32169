using System.Diagnostics;
using System.Globalization;

namespace Inventory.Server.Embedded;

/// <summary>One server of our own on a loopback port. It is stopped by its pid, never by its name.</summary>
public sealed class PrivateServer
{
    private const int AttemptsMax = 5;
    private const long LogBytesMax = 16 * 1024 * 1024;
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly ServerKind kind;
    private readonly ILogger logger;
    private ServerProcess? process;

    internal PrivateServer(ServerKind kind, ILogger logger)
    {
        this.kind = kind;
        this.logger = logger;
    }

    public int Port { get; private set; }

    public int? Pid => process?.Pid;

    public bool IsRunning => process is { IsRunning: true };

    /// <summary>
    /// Takes over what an earlier run left behind, or starts it, on its last port where that is free.
    /// </summary>
    /// <exception cref="EmbeddedException">It does not start; the message ends with its log.</exception>
    internal async Task StartAsync(CancellationToken cancellation)
    {
        Port = LastPort();
        process = ServerProcess.Find(kind.PidFile, kind.Path, kind.Program);
        if (process is not null && await ServesAsync(cancellation))
        {
            logger.ServerAdopted(kind.Name, Port, process.Pid);
        }
        else
        {
            await LaunchAsync(keepPort: false, cancellation);
        }
    }

    /// <summary>Starts it once more, on the port that callers know.</summary>
    public Task StartAgainAsync(CancellationToken cancellation) => LaunchAsync(keepPort: true, cancellation);

    /// <summary>Asks it to end in order; past its limit, less politely. Nothing committed is lost either way.</summary>
    public async Task StopAsync()
    {
        if (process is null)
        {
            return;
        }

        await process.StopAsync(kind.Stop);
        logger.ServerStopped(kind.Name);
        process = null;
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public Task KillAsync() => process?.StopAsync((Signal.Kill, TimeSpan.FromSeconds(10))) ?? Task.CompletedTask;

    private async Task LaunchAsync(bool keepPort, CancellationToken cancellation)
    {
        var before = StartLog();
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            await StopAsync();
            if (Port == 0 || (attempt > 1 && !keepPort))
            {
                Port = FreePort.Next();
            }

            await kind.ConfigureAsync(Port, cancellation);
            await File.WriteAllTextAsync(kind.PortFile, $"{Port}\n", cancellation);
            process = ServerProcess.Start(kind.Log, kind.Path, kind.Program, kind.Arguments);
            if (await ServesAsync(cancellation))
            {
                logger.ServerStarted(kind.Name, Port, process.Pid, kind.Log);
                return;
            }

            // One that runs and does not speak won't be better the next time. One that has ended may be: another took
            // the port between our choice and its bind, or the last children of one that was killed hold its memory.
            if (IsRunning)
            {
                break;
            }

            await Task.Delay(attempt * 100, cancellation);
        }

        await StopAsync();
        throw new EmbeddedException($"The private {kind.Name} does not start. {kind.Log} says:\n{LogSince(before)}");
    }

    /// <returns>False when it has ended, or has said nothing for too long.</returns>
    private async Task<bool> ServesAsync(CancellationToken cancellation)
    {
        var heard = Stopwatch.GetTimestamp();
        while (IsRunning && Stopwatch.GetElapsedTime(heard) < SilenceMax)
        {
            var answer = await kind.AskAsync(Port, cancellation);
            if (answer == Answer.Ready)
            {
                return true;
            }

            if (answer == Answer.NotYet)
            {
                heard = Stopwatch.GetTimestamp();
            }

            await Task.Delay(Pause, cancellation);
        }

        return false;
    }

    private int LastPort() =>
        File.Exists(kind.PortFile)
        && int.TryParse(File.ReadAllText(kind.PortFile), CultureInfo.InvariantCulture, out var port)
            ? port
            : 0;

    /// <summary>Puts a log that has grown large aside, where the one before it was.</summary>
    /// <returns>Where this start's lines begin.</returns>
    private long StartLog()
    {
        var log = new FileInfo(kind.Log);
        if (log.Exists && log.Length > LogBytesMax)
        {
            File.Move(kind.Log, kind.Log + ".old", overwrite: true);
        }

        log.Refresh();
        return log.Exists ? log.Length : 0;
    }

    private string LogSince(long position)
    {
        if (!File.Exists(kind.Log))
        {
            return "";
        }

        using var log = new StreamReader(kind.Log);
        log.BaseStream.Position = position;
        return string.Join('\n', log.ReadToEnd().TrimEnd().Split('\n').TakeLast(20));
    }
}
