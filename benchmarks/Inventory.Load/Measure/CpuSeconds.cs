using System.Globalization;

namespace Inventory.Load.Measure;

/// <summary>
/// CPU time, user and system, by who spent it. The client is this process and the pgbench runs it started.
/// </summary>
internal readonly record struct CpuSeconds(double Server, double Postgres, double Redis, double Client)
{
    // USER_HZ, which Linux fixes at 100 for all that it shows in /proc.
    private const double TicksPerSecond = 100;

    public double Total => Server + Postgres + Redis + Client;

    public static CpuSeconds operator -(CpuSeconds later, CpuSeconds earlier) =>
        new(
            later.Server - earlier.Server,
            later.Postgres - earlier.Postgres,
            later.Redis - earlier.Redis,
            later.Client - earlier.Client
        );

    /// <summary>What they have spent since they started.</summary>
    public static CpuSeconds Read(IEnumerable<int> servers, int postmaster, int redis) =>
        new(servers.Sum(OfProcess), OfTree(postmaster), OfProcess(redis), OfProcess(Environment.ProcessId));

    private static double OfProcess(int pid) =>
        ProcessTimes.Read(pid) is { } times ? times.Own + times.EndedChildren : 0;

    /// <summary>The postmaster, its backends, and those that have ended.</summary>
    private static double OfTree(int root)
    {
        var children =
            from folder in Directory.EnumerateDirectories("/proc")
            let name = Path.GetFileName(folder)
            where char.IsAsciiDigit(name[0])
            let times = ProcessTimes.Read(int.Parse(name, CultureInfo.InvariantCulture))
            where times?.Parent == root
            select times.Own + times.EndedChildren;
        return OfProcess(root) + children.Sum();
    }

    private sealed record ProcessTimes(int Parent, double Own, double EndedChildren)
    {
        public static ProcessTimes? Read(int pid)
        {
            try
            {
                // The name, in brackets, may hold blanks and brackets of its own.
                var stat = File.ReadAllText($"/proc/{pid}/stat");
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                double Seconds(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture) / TicksPerSecond;
                return new ProcessTimes(
                    int.Parse(fields[1], CultureInfo.InvariantCulture),
                    Seconds(11) + Seconds(12),
                    Seconds(13) + Seconds(14)
                );
            }
            catch (IOException)
            {
                // It has ended since it was listed.
                return null;
            }
        }
    }
}
