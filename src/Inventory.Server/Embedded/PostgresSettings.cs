using System.Globalization;
using System.Text;

namespace Inventory.Server.Embedded;

/// <summary>The private PostgreSQL's settings: durable, on loopback only, sized to the machine.</summary>
internal static class PostgresSettings
{
    private const long MiB = 1024 * 1024;

    public static string Text(int port, PostgresBinaries binaries, IReadOnlyDictionary<string, string> overrides)
    {
        var text = new StringBuilder();
        text.AppendLine(
            "# Written anew at each start. ALTER SYSTEM SET holds: it goes to postgres/postgresql.auto.conf."
        );
        foreach (var (name, value) in Ours(port, binaries).Concat(overrides))
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} = '{value}'\n");
        }

        return text.ToString();
    }

    private static IEnumerable<KeyValuePair<string, string>> Ours(int port, PostgresBinaries binaries)
    {
        // A quarter of the memory is PostgreSQL's own advice; above 1 GiB a developer's machine gains nothing.
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MiB;
        var buffers = Math.Clamp(memory / 4, 64, 1024);

        yield return new("listen_addresses", "127.0.0.1");
        yield return new("port", port.ToString(CultureInfo.InvariantCulture));
        yield return new("unix_socket_directories", "");
        yield return new("max_connections", "200");
        yield return new("password_encryption", "scram-sha-256");

        yield return new("fsync", "on");
        yield return new("synchronous_commit", "on");
        yield return new("full_page_writes", "on");

        yield return new("shared_buffers", $"{buffers}MB");
        yield return new("effective_cache_size", $"{Math.Max(memory / 2, 128)}MB");
        yield return new("maintenance_work_mem", "128MB");
        yield return new("work_mem", "16MB");

        // A checkpoint makes each page go to the log whole once more, so under load they come seldom and slowly.
        yield return new("max_wal_size", "4GB");
        yield return new("min_wal_size", "512MB");
        yield return new("checkpoint_timeout", "15min");
        yield return new("checkpoint_completion_target", "0.9");
        // A page that goes whole is mostly a half-empty leaf of an index. Debian's and Ubuntu's builds have lz4.
        yield return new("wal_compression", "lz4");

        yield return new("timezone", "UTC");
        yield return new("log_timezone", "UTC");
        yield return new("lc_messages", "C");
        yield return new("log_line_prefix", "%m [%p] ");
        yield return new("log_lock_waits", "on");
        if (binaries.HasStatementStatistics)
        {
            yield return new("shared_preload_libraries", "pg_stat_statements");
        }
    }
}
