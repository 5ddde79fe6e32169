using Inventory.Engine.Database;
using Inventory.Server.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Inventory.Testing;

/// <summary>
/// A PostgreSQL and a Redis of the tests' own, durable as in production, in a fresh folder that goes with them, also
/// when the test process is killed.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private const string Template = "inventory_template";
    private static readonly Lazy<Task<TestCluster>> Process = new(StartSharedAsync);
    private readonly EmbeddedServers servers;
    private readonly CleanUp cleanUp;
    private readonly Lazy<Task> template;
    private int databases;

    private TestCluster(EmbeddedServers servers, CleanUp cleanUp)
    {
        this.servers = servers;
        this.cleanUp = cleanUp;
        template = new Lazy<Task>(MakeTemplateAsync);
    }

    public PrivateServer Postgres => servers.Postgres!;

    public PrivateServer Redis => servers.Redis!;

    /// <summary>Where its files lie, PostgreSQL's under <c>postgres</c>.</summary>
    public string Folder => cleanUp.Folder;

    /// <summary>A superuser's, to the maintenance database.</summary>
    public string ConnectionString => ConnectionStringTo("postgres");

    public string RedisConnectionString => servers.RedisConnectionString!;

    /// <summary>The one that all tests of this process share. It starts when the first asks.</summary>
    public static Task<TestCluster> SharedAsync() => Process.Value;

    /// <summary>One of the caller's own, to kill, stop and starve.</summary>
    public static async Task<TestCluster> StartAsync(IReadOnlyDictionary<string, string>? postgresSettings = null)
    {
        var cleanUp = new CleanUp(Scratch.NewPath("cluster"));
        try
        {
            var options = new EmbeddedOptions
            {
                DataFolder = cleanUp.Folder,
                Restart = false,
                PostgresSettings = postgresSettings ?? Small,
            };
            var servers = await EmbeddedServers.StartAsync(options, NullLogger.Instance, CancellationToken.None);
            return new TestCluster(servers!, cleanUp);
        }
        catch
        {
            cleanUp.Run();
            throw;
        }
    }

    /// <summary>Empty and migrated: a copy of a template that is migrated once.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync()
    {
        await template.Value;
        var number = Interlocked.Increment(ref databases);
        var name = $"test_{number}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {Template}");
        return new TestDatabase(this, name, number);
    }

    public async ValueTask DisposeAsync()
    {
        // The servers' folder goes away, so there is nothing to flush: the clean-up ends them the short way.
        await Task.Run(cleanUp.Run);
        await servers.DisposeAsync();
    }

    internal string ConnectionStringTo(string database) =>
        new NpgsqlConnectionStringBuilder(servers.PostgresConnectionString) { Database = database }.ConnectionString;

    internal async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(ConnectionString) { Timeout = 60 }.ConnectionString
        );
        await connection.OpenAsync();
        // To drop a database, every backend of the cluster must take notice, and on a busy machine each waits its turn.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 180 };
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Several clusters run beside each other on a small machine; many fixtures, each with a pool, on one.
    /// </summary>
    private static IReadOnlyDictionary<string, string> Small { get; } =
        new Dictionary<string, string> { ["shared_buffers"] = "128MB", ["max_connections"] = "1500" };

    private static async Task<TestCluster> StartSharedAsync()
    {
        var cluster = await StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.cleanUp.Run();
        return cluster;
    }

    private async Task MakeTemplateAsync()
    {
        await ExecuteAsync($"CREATE DATABASE {Template}");
        await using var cell = new Cell(new CellOptions { ConnectionString = ConnectionStringTo(Template) });
        await new Migrator(cell).ApplyAsync(CancellationToken.None);
    }
}
