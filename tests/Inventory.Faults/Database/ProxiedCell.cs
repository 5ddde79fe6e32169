using Inventory.Engine.Database;
using Inventory.Faults.Checking;
using Inventory.Faults.Histories;
using Inventory.Faults.Load;
using Inventory.Faults.Network;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Faults.Database;

/// <summary>
/// A database, a node whose connections to it pass through a proxy, and a second one that reaches it directly. All
/// that their callers learn is in one history.
/// </summary>
internal sealed class ProxiedCell : IAsyncDisposable
{
    private readonly Cell cell;

    private ProxiedCell(TestDatabase database, CellOptions options)
    {
        Database = database;
        var direct = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        Proxy = ChaosProxy.Start(direct.Port, Wire.Postgres);
        direct.Port = Proxy.Port;
        cell = new Cell(options with { ConnectionString = direct.ConnectionString });
        Proxied = new EngineCaller(new EngineNode(cell), History);
        Direct = new EngineCaller(new EngineNode(database.Cell), History);
    }

    public TestDatabase Database { get; }

    public ChaosProxy Proxy { get; }

    public History History { get; } = new();

    public EngineCaller Proxied { get; }

    public EngineCaller Direct { get; }

    /// <summary>One more node whose connections pass through the proxy. It is the caller's to dispose.</summary>
    public EngineNode NewNode() => new(cell);

    public Given Given => new(Database.Tables);

    public Then Then => new(Database.Tables);

    /// <param name="cluster">Where the database is made; none: in the one that all tests share.</param>
    /// <param name="statementTimeoutMs">How long the proxied node waits for an answer that does not come.</param>
    public static async Task<ProxiedCell> StartAsync(TestCluster? cluster = null, int statementTimeoutMs = 10_000)
    {
        cluster ??= await TestCluster.SharedAsync();
        var database = await cluster.CreateDatabaseAsync();
        var options = new CellOptions
        {
            ConnectionString = database.ConnectionString,
            StatementTimeoutMs = statementTimeoutMs,
        };
        return new ProxiedCell(database, options);
    }

    /// <summary>What the callers learnt and what the tables hold keeps every promise.</summary>
    public async Task AssertPromisesAsync(int? seed = null) =>
        Assert.That(
            Checker.Judge(History.Entries, await TablesReader.ReadAsync(Database.Tables)),
            Is.Empty,
            $"seed {seed}"
        );

    public async ValueTask DisposeAsync()
    {
        await Proxied.Node.DisposeAsync();
        await Direct.Node.DisposeAsync();
        await Proxy.DisposeAsync();
        await cell.DisposeAsync();
        await Database.DisposeAsync();
    }
}
