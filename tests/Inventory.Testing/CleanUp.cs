using System.Diagnostics;

namespace Inventory.Testing;

/// <summary>
/// Ends the servers of a data folder and removes it, once: when asked, or when this process has ended, however it
/// ended. A shell in a session of its own waits for that at the end of a pipe that nobody writes to.
/// </summary>
public sealed class CleanUp
{
    // Only a process with a path of this folder in its command line is signalled: a pid may have gone to another.
    // QUIT ends PostgreSQL without a checkpoint; Redis takes TERM. CONT is for those that a test has stopped.
    private const string Script = """
        read -r _
        end() {
            pid=$(head -n 1 "$1" 2>/dev/null) && [ -n "$pid" ] || return 0
            ours() { tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$folder/"; }
            for signal in "$2" KILL; do
                ours || return 0
                kill -CONT "$pid"; kill -"$signal" "$pid"
                for _ in $(seq 100); do ours || return 0; sleep 0.05; done
            done
        }
        # More than once: what was about to start when this process was killed may still make files.
        for _ in $(seq 20); do
            end "$folder/postgres/postmaster.pid" QUIT
            end "$folder/redis/redis.pid" TERM
            end "$folder/rabbit.pid" KILL
            end "$folder/epmd.pid" TERM
            rm -rf -- "$folder" && break
            sleep 0.1
        done
        """;

    private static readonly TimeSpan RunMax = TimeSpan.FromSeconds(30);
    private readonly Lock gate = new();
    private Process? shell;

    public CleanUp(string folder)
    {
        Folder = folder;
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
            Environment = { ["folder"] = folder },
        };
        shell = Process.Start(start);
    }

    public string Folder { get; }

    /// <summary>Returns when the servers have ended and the folder is gone.</summary>
    public void Run()
    {
        lock (gate)
        {
            if (shell is null)
            {
                return;
            }

            shell.StandardInput.Close();
            if (!shell.WaitForExit(RunMax))
            {
                throw new TimeoutException($"{Folder} could not be cleaned up in {RunMax}.");
            }

            shell.Dispose();
            shell = null;
        }
    }
}
