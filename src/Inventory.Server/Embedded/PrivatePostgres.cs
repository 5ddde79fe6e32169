using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Npgsql;

namespace Inventory.Server.Embedded;

/// <summary>PostgreSQL in the data folder: makes the cluster once, and says how it is run, asked and stopped.</summary>
[SuppressMessage("Interoperability", "CA1416", Justification = "EmbeddedServers admits Linux only.")]
internal static class PrivatePostgres
{
    public const string Database = "inventory";
    private const string User = "inventory";
    private const string Maintenance = "postgres";

    private const string FindSql = """
        -- embedded.find_database
        SELECT count(*) FROM pg_database WHERE datname = $1
        """;

    /// <returns>
    /// Not started yet. Its cluster is there, but <see cref="EnsureDatabaseAsync"/> must follow the start.
    /// </returns>
    public static async Task<PrivateServer> PrepareAsync(
        DataFolder folder,
        EmbeddedOptions options,
        ILogger logger,
        CancellationToken cancellation
    )
    {
        var binaries = PostgresBinaries.Find(folder.Postgres);
        if (!Directory.Exists(folder.Postgres))
        {
            await MakeClusterAsync(folder, binaries, logger, cancellation);
        }

        return new PrivateServer(Kind(folder, binaries, options), logger);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The name is a constant of ours.")]
    public static async Task EnsureDatabaseAsync(DataFolder folder, int port, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(folder, port, Maintenance, cancellation);
        await using var find = new NpgsqlCommand(FindSql, connection);
        find.Parameters.Add(new NpgsqlParameter { Value = Database });
        if (await find.ExecuteScalarAsync(cancellation) is not 0L)
        {
            return;
        }

        await using var create = new NpgsqlCommand("CREATE DATABASE " + Database, connection);
        await create.ExecuteNonQueryAsync(cancellation);
    }

    public static string ConnectionString(DataFolder folder, int port, string database = Database) =>
        Connection(folder, port, database).ConnectionString;

    private static NpgsqlConnectionStringBuilder Connection(DataFolder folder, int port, string database) =>
        new()
        {
            Host = "127.0.0.1",
            Port = port,
            Username = User,
            Password = folder.Password,
            Database = database,
        };

    private static ServerKind Kind(DataFolder folder, PostgresBinaries binaries, EmbeddedOptions options)
    {
        var configuration = Path.Combine(folder.Root, "postgresql.conf");
        return new ServerKind
        {
            Name = "PostgreSQL",
            Program = binaries.Postgres,
            Path = folder.Postgres,
            PidFile = PidFile(folder),
            PortFile = Path.Combine(folder.Root, "postgres.port"),
            Log = Path.Combine(folder.Root, "postgres.log"),
            Arguments = ["-D", folder.Postgres, "-c", $"config_file={configuration}"],
            ConfigureAsync = (port, cancellation) =>
            {
                PostmasterFile.RemoveStale(PidFile(folder));
                var text = PostgresSettings.Text(port, binaries, options.PostgresSettings);
                return File.WriteAllTextAsync(configuration, text, cancellation);
            },
            AskAsync = (port, cancellation) => AskAsync(folder, port, cancellation),
            // Fast: sessions end, a checkpoint is written. Then immediate: the log is replayed at the next start.
            Stop =
            [
                (Signal.Interrupt, TimeSpan.FromSeconds(60)),
                (Signal.Quit, TimeSpan.FromSeconds(10)),
                (Signal.Kill, TimeSpan.FromSeconds(10)),
            ],
        };
    }

    /// <summary>
    /// Made beside its place and moved there whole, so that an interrupted one is never taken for a cluster.
    /// </summary>
    private static async Task MakeClusterAsync(
        DataFolder folder,
        PostgresBinaries binaries,
        ILogger logger,
        CancellationToken cancellation
    )
    {
        logger.ClusterMaking(folder.Postgres);
        var partial = folder.Postgres + ".partial";
        if (Directory.Exists(partial))
        {
            Directory.Delete(partial, recursive: true);
        }

        Directory.CreateDirectory(partial, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await DatabaseUser.OwnAsync(partial, cancellation);
        string[] arguments =
        [
            $"--pgdata={partial}",
            $"--username={User}",
            $"--pwfile={folder.PasswordFile}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ];
        await Command.RunCheckedAsync([.. DatabaseUser.Prefix, binaries.Initdb, .. arguments], cancellation);
        Directory.Move(partial, folder.Postgres);
    }

    private static async Task<Answer> AskAsync(DataFolder folder, int port, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await OpenAsync(folder, port, Maintenance, cancellation);
            return Answer.Ready;
        }
        catch (PostgresException said)
        {
            return said.SqlState == PostgresErrorCodes.CannotConnectNow ? Answer.NotYet : Answer.None;
        }
        catch (Exception silent) when (silent is NpgsqlException or SocketException or TimeoutException)
        {
            return Answer.None;
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(
        DataFolder folder,
        int port,
        string database,
        CancellationToken cancellation
    )
    {
        var settings = Connection(folder, port, database);
        settings.Pooling = false;
        settings.Timeout = 5;
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static string PidFile(DataFolder folder) => Path.Combine(folder.Postgres, "postmaster.pid");
}
