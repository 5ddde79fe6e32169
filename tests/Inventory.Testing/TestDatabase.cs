using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Testing;

/// <summary>A fresh migrated database, and a Redis database that goes with it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly TestCluster cluster;
    private readonly string name;

    internal TestDatabase(TestCluster cluster, string name, int number)
    {
        this.cluster = cluster;
        this.name = name;
        ConnectionString = cluster.ConnectionStringTo(name);
        // The keys hold stock ids, which begin at 1 in each database.
        RedisConnectionString = $"{cluster.RedisConnectionString},defaultDatabase={number}";
        Cell = new Cell(new CellOptions { ConnectionString = ConnectionString });
    }

    public string ConnectionString { get; }

    public string RedisConnectionString { get; }

    public Cell Cell { get; }

    /// <summary>Plain connections to the tables, for what a test arranges and asserts.</summary>
    public NpgsqlDataSource Tables => Cell.General;

    /// <summary>In the cluster that this process's tests share.</summary>
    public static async Task<TestDatabase> CreateAsync() =>
        await (await TestCluster.SharedAsync()).CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        await Cell.DisposeAsync();
        await cluster.ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
    }
}
