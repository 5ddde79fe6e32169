using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Inventory.Server.Embedded;

internal enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
}

/// <summary>
/// A server that outlives us if we are killed. It is known by its pid together with its program and a path of ours in
/// its command line, so that a pid that has since gone to another process is never taken for it.
/// </summary>
internal sealed class ServerProcess
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly string program;
    private readonly string path;
    private readonly Process? child;

    private ServerProcess(int pid, string program, string path, Process? child = null)
    {
        this.child = child;
        Pid = pid;
        this.program = Path.GetFileName(program);
        this.path = path;
    }

    public int Pid { get; }

    /// <summary>
    /// A child of ours is asked for by its handle: while it execs, its command line is empty for a moment. One that was
    /// left behind has long done that.
    /// </summary>
    public bool IsRunning => child is null ? HasItsCommandLine : !child.HasExited;

    private bool HasItsCommandLine
    {
        get
        {
            // World-readable, other than /proc/<pid>/exe and cwd, which a container's root may not follow.
            var arguments = CommandLine(Pid);
            return arguments.Contains(path) && arguments.Any(argument => Path.GetFileName(argument) == program);
        }
    }

    /// <summary>
    /// Starts it in a session of its own, so that the terminal's Ctrl-C ends it only through us, with its output
    /// added to a log. Shell, setsid and setpriv each exec the next, so the pid stays the same.
    /// </summary>
    public static ServerProcess Start(string log, string path, string program, params IEnumerable<string> arguments)
    {
        const string shell = "exec \"$@\" </dev/null >>\"$0\" 2>&1";
        string[] line = ["-c", shell, log, "setsid", .. DatabaseUser.Prefix, program, .. arguments];
        var process =
            Process.Start(new ProcessStartInfo("/bin/sh", line) { WorkingDirectory = "/" })
            ?? throw new EmbeddedException($"{program} could not be started.");
        return new ServerProcess(process.Id, program, path, process);
    }

    /// <summary>The running server that a pid file names, if it is the one that has this path.</summary>
    public static ServerProcess? Find(string pidFile, string path, string program)
    {
        if (!File.Exists(pidFile) || !int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), out var pid))
        {
            return null;
        }

        var process = new ServerProcess(pid, program, path);
        return process.IsRunning ? process : null;
    }

    public void Send(Signal signal)
    {
        if (IsRunning)
        {
            _ = Kill(Pid, (int)signal);
        }
    }

    /// <summary>Sends each signal in turn until it has ended.</summary>
    public async Task StopAsync(params IEnumerable<(Signal Signal, TimeSpan Limit)> steps)
    {
        foreach (var (signal, limit) in steps)
        {
            Send(signal);
            var since = Stopwatch.GetTimestamp();
            while (IsRunning)
            {
                if (Stopwatch.GetElapsedTime(since) > limit)
                {
                    break;
                }

                await Task.Delay(Pause);
            }
        }
    }

    private static string[] CommandLine(int pid)
    {
        try
        {
            // Empty for a process that has ended and was not yet reaped.
            return File.ReadAllText($"/proc/{pid}/cmdline", Encoding.UTF8).Split('\0');
        }
        catch (IOException)
        {
            return [];
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
