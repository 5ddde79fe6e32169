using System.Diagnostics;
using System.Globalization;
using Inventory.Testing;

namespace Inventory.Faults.Database;

/// <summary>
/// A file system of a few MiB, to be filled up. It goes when it is disposed, and when this process has ended, however
/// it ended: a shell in a session of its own waits for that at the end of a pipe.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    // The owner is the user that PostgreSQL runs as where we are root, and we must be root to mount.
    private const string Script = """
        owner="uid=$(id -u postgres),gid=$(id -g postgres)"
        mount -t tmpfs -o "size=$size,mode=0700,$owner" inventory-test "$folder" || exit 1
        echo mounted
        read -r _
        umount -l "$folder" && rmdir "$folder"
        """;

    private readonly Process shell;

    private SmallDisk(Process shell, string folder) => (this.shell, Folder) = (shell, folder);

    public string Folder { get; }

    /// <returns>None where this process may not mount a file system.</returns>
    public static async Task<SmallDisk?> TryMountAsync(int mebibytes)
    {
        var folder = Scratch.NewPath("disk");
        Directory.CreateDirectory(folder);
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
            Environment = { ["folder"] = folder, ["size"] = $"{mebibytes.ToString(CultureInfo.InvariantCulture)}m" },
        };
        var shell = Process.Start(start)!;
        if (await shell.StandardOutput.ReadLineAsync() == "mounted")
        {
            return new SmallDisk(shell, folder);
        }

        await shell.WaitForExitAsync();
        shell.Dispose();
        Directory.Delete(folder);
        return null;
    }

    /// <summary>Leaves no byte free.</summary>
    public void Fill()
    {
        var zeros = new byte[64 * 1024];
        using var filler = File.Create(Filler);
        try
        {
            while (true)
            {
                filler.Write(zeros);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // No space left on the device: that is what was wanted.
        }
    }

    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        shell.StandardInput.Close();
        await shell.WaitForExitAsync();
        shell.Dispose();
    }

    private string Filler => Path.Combine(Folder, "filler");
}
