using System.Globalization;

namespace Inventory.Server.Embedded;

/// <summary>PostgreSQL's programs as Debian and Ubuntu install them: /usr/lib/postgresql/(version)/bin.</summary>
internal sealed record PostgresBinaries(int Version, string Folder)
{
    public const int VersionMin = 15;
    private const string Installed = "/usr/lib/postgresql";

    public string Postgres => Path.Combine(Folder, "postgres");

    public string Initdb => Path.Combine(Folder, "initdb");

    public bool HasStatementStatistics => File.Exists(Path.Combine(Folder, "../lib/pg_stat_statements.so"));

    /// <param name="cluster">A cluster that is there already must be run by the version that made it.</param>
    /// <exception cref="EmbeddedException">None is installed that serves.</exception>
    public static PostgresBinaries Find(string cluster)
    {
        var versionFile = Path.Combine(cluster, "PG_VERSION");
        int? made = File.Exists(versionFile)
            ? int.Parse(File.ReadAllText(versionFile), CultureInfo.InvariantCulture)
            : null;
        var found = All().Where(b => made is null || b.Version == made).MaxBy(b => b.Version);
        return found ?? throw new EmbeddedException(made is null ? NoneInstalled : OtherVersion(cluster, made.Value));
    }

    private static string NoneInstalled =>
        $"PostgreSQL {VersionMin} or later is not installed ({Installed}/*/bin). On Debian or Ubuntu: "
        + $"apt-get install postgresql. Or set {Key} to a server of yours.";

    private static string Key => EmbeddedOptions.PostgresKey.Replace(":", "__", StringComparison.Ordinal);

    private static string OtherVersion(string cluster, int made) =>
        $"{cluster} was made by PostgreSQL {made}, which is not installed. On Debian or Ubuntu: "
        + $"apt-get install postgresql-{made}. Or set {EmbeddedOptions.DataKey} to a new folder.";

    private static IEnumerable<PostgresBinaries> All() =>
        from folder in Directory.Exists(Installed) ? Directory.EnumerateDirectories(Installed) : []
        let version = int.TryParse(Path.GetFileName(folder), out var number) ? number : 0
        let binaries = new PostgresBinaries(version, Path.Combine(folder, "bin"))
        where version >= VersionMin && File.Exists(binaries.Postgres) && File.Exists(binaries.Initdb)
        select binaries;
}
