using System.Globalization;
using System.Text.RegularExpressions;

namespace Inventory.Load.Stage;

/// <summary>
/// Huge pages of memory for PostgreSQL's shared buffers, as its manual advises for production: it takes them by itself
/// where there are any. Without them each of its processes meets each page of 4 KiB for a first time, and in a virtual
/// machine it can cost more than the rest of a statement. Reserved when root may do so, and given back at the end;
/// both sides of every ratio have the same PostgreSQL, with them or without.
/// </summary>
internal sealed partial class HugePages : IDisposable
{
    private const string CountFile = "/proc/sys/vm/nr_hugepages";
    private const string MemoryFile = "/proc/meminfo";

    /// <summary>The private PostgreSQL's buffers, at most 1 GiB, and what else it shares.</summary>
    private const long BytesNeeded = 1280L * 1024 * 1024;

    private readonly long? before;

    private HugePages(bool suffice, long? before = null) => (Suffice, this.before) = (suffice, before);

    /// <summary>Whether a PostgreSQL that starts now has them.</summary>
    public bool Suffice { get; }

    private static long PageBytes => 1024 * Read("Hugepagesize");

    private static long Missing => (BytesNeeded + PageBytes - 1) / PageBytes - Read("HugePages_Free");

    public static HugePages Reserve()
    {
        if (!OperatingSystem.IsLinux() || PageBytes == 0 || Missing <= 0)
        {
            return new(OperatingSystem.IsLinux() && PageBytes > 0);
        }

        var count = Read("HugePages_Total");
        try
        {
            Write(count + Missing);
            // The kernel gives what it finds, which may be less.
            return new(Missing <= 0, count);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            return new(false);
        }
    }

    public void Dispose()
    {
        if (before is { } count)
        {
            Write(count);
        }
    }

    private static void Write(long count) =>
        File.WriteAllText(CountFile, count.ToString(CultureInfo.InvariantCulture) + "\n");

    private static long Read(string name) =>
        Lines()
            .Matches(File.ReadAllText(MemoryFile))
            .Where(line => line.Groups["name"].Value == name)
            .Select(line => long.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture))
            .FirstOrDefault();

    [GeneratedRegex(@"^(?<name>\w+):\s+(?<value>\d+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Lines();
}
