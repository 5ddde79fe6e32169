using System.Globalization;
using Dapper;
using Inventory.Engine.Database;
using Inventory.Load.Measure;
using Inventory.Testing;
using Npgsql;

namespace Inventory.Load.Stage;

/// <summary>
/// One PostgreSQL and one Redis for all that is measured, with the settings of the server's own private ones: durable,
/// and the same for both sides of every ratio. They end, and their files go, with this process.
/// </summary>
internal sealed class BenchStage : IAsyncDisposable
{
    private const string CheckpointSql = """
        -- bench.checkpoint
        CHECKPOINT
        """;

    private readonly TestCluster cluster;
    private readonly HugePages hugePages;
    private readonly List<StageDatabase> databases = [];
    private readonly List<RunningServer> servers = [];
    private readonly string serverProgram;
    private readonly string logs;

    private BenchStage(TestCluster cluster, HugePages hugePages, string serverProgram, string logs)
    {
        this.cluster = cluster;
        this.hugePages = hugePages;
        this.serverProgram = serverProgram;
        this.logs = logs;
        if (Directory.Exists(logs))
        {
            Directory.Delete(logs, recursive: true);
        }

        Directory.CreateDirectory(logs);
    }

    public IReadOnlyList<StageDatabase> Databases => databases;

    /// <summary>Whether PostgreSQL's buffers lie in huge pages.</summary>
    public required bool HasHugePages { get; init; }

    /// <param name="serverProgram">The published Inventory.Server.dll that is measured.</param>
    /// <param name="logs">The folder of the servers' logs.</param>
    /// <param name="statements">Whether PostgreSQL counts what its time goes into.</param>
    public static async Task<BenchStage> SetAsync(string serverProgram, string logs, bool statements = false)
    {
        var settings = statements ? StatementTimes.Settings : new Dictionary<string, string>();
        var hugePages = HugePages.Reserve();
        var hasHugePages = hugePages.Suffice;
        Console.WriteLine($"PostgreSQL has {(hasHugePages ? "" : "no ")}huge pages.");
        try
        {
            var cluster = await TestCluster.StartAsync(settings);
            return new(cluster, hugePages, serverProgram, logs) { HasHugePages = hasHugePages };
        }
        catch
        {
            hugePages.Dispose();
            throw;
        }
    }

    public Task PrintStatementsAsync() => StatementTimes.PrintAsync(cluster.ConnectionString);

    /// <summary>Migrated by the build under test itself, and planted.</summary>
    public async Task<StageDatabase> CreateDatabaseAsync(string name, int items, int warehouses, string? program = null)
    {
        await ExecuteAsync($"CREATE DATABASE {name}");
        var database = Add(name);
        await RunningServer.MigrateAsync(program ?? serverProgram, database);
        await BenchKey.PlantAsync(database.Tables);
        await Seed.PlantAsync(database.Tables, items, warehouses);
        return database;
    }

    /// <summary>The same rows in the same places, before either is written to.</summary>
    public async Task<StageDatabase> CopyDatabaseAsync(StageDatabase original, string name)
    {
        original.Tables.Clear();
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {original.Name}");
        return Add(name);
    }

    /// <param name="program">None: the build under test.</param>
    /// <param name="settings">What else it is told, by its environment.</param>
    public Task<RunningServer> StartServerAsync(
        StageDatabase database,
        string? program = null,
        IReadOnlyDictionary<string, string>? settings = null
    ) => StartServerAsync([program ?? serverProgram, "serve"], database, settings: settings);

    public Task<RunningServer> StartRelaxedServerAsync(StageDatabase database) =>
        StartServerAsync(RelaxedServer.Command(serverProgram), database);

    /// <summary>One that asks nobody who they are.</summary>
    public Task<RunningServer> StartAnonymousServerAsync(StageDatabase database) =>
        StartServerAsync([serverProgram, "serve"], database, anonymous: true);

    public async Task StopServerAsync(RunningServer server)
    {
        servers.Remove(server);
        await server.DisposeAsync();
    }

    public Task CheckpointAsync() => ExecuteAsync(CheckpointSql);

    public CpuSeconds ReadCpu() =>
        CpuSeconds.Read(
            servers.Select(server => server.Pid),
            cluster.Postgres.Pid.GetValueOrDefault(),
            cluster.Redis.Pid.GetValueOrDefault()
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }

        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }

        await cluster.DisposeAsync();
        hugePages.Dispose();
    }

    private async Task<RunningServer> StartServerAsync(
        IReadOnlyList<string> command,
        StageDatabase database,
        bool anonymous = false,
        IReadOnlyDictionary<string, string>? settings = null
    )
    {
        var log = Path.Combine(logs, $"{database.Name}.log");
        var server = await RunningServer.StartAsync(command, database, log, anonymous, settings);
        servers.Add(server);
        return server;
    }

    private StageDatabase Add(string name)
    {
        var connection = new NpgsqlConnectionStringBuilder(cluster.ConnectionString)
        {
            Database = name,
            SearchPath = CellOptions.DefaultSchema,
        };
        // The keys hold stock ids, which begin at 1 in each database.
        var redis = string.Create(
            CultureInfo.InvariantCulture,
            $"{cluster.RedisConnectionString},defaultDatabase={databases.Count + 1}"
        );
        var database = new StageDatabase(name, connection.ConnectionString, redis);
        databases.Add(database);
        return database;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString);
        await connection.ExecuteAsync(sql, commandTimeout: 600);
    }
}
