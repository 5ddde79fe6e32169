namespace Inventory.Server.Embedded;

/// <summary>
/// PostgreSQL's postmaster.pid: the pid on its first line, the key and id of its shared memory on its seventh.
/// </summary>
internal static class PostmasterFile
{
    /// <summary>
    /// PostgreSQL refuses to start while any process has the pid in its file, even one that got the pid later, or one
    /// that has ended and was not yet reaped. Asked only when none of ours is running, so such a file is stale, unless
    /// sessions of a killed server are still at work on its memory: then PostgreSQL's own refusal must stand.
    /// </summary>
    public static void RemoveStale(string file)
    {
        if (!File.Exists(file))
        {
            return;
        }

        var lines = File.ReadAllLines(file);
        var memory =
            lines.Length < 7 ? null : lines[6].Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        if (Directory.Exists($"/proc/{lines.FirstOrDefault()}") && !IsAttached(memory))
        {
            File.Delete(file);
        }
    }

    /// <summary>The columns of /proc/sysvipc/shm: key, shmid, perms, size, cpid, lpid, nattch, …</summary>
    private static bool IsAttached(string? memory) =>
        memory is not null
        && File.ReadLines("/proc/sysvipc/shm")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(columns => columns.Length > 6 && columns[1] == memory && columns[6] != "0");
}
