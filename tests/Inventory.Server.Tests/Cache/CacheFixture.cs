using System.Globalization;
using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;
using Inventory.Server.Cache;
using Inventory.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using StackExchange.Redis;

namespace Inventory.Server.Tests.Cache;

/// <summary>A database and a Redis of each test's own, one server on them, and Redis itself to spoil.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class CacheFixture : IAsyncDisposable
{
    private TestDatabase? database;
    private EngineNode? node;
    private ReadingNode? reading;
    private ConnectionMultiplexer? redis;

    protected Cell Cell => database!.Cell;

    protected TestDatabase Database => database!;

    protected EngineNode Node => node!;

    protected ReadingNode Reading => reading!;

    protected Given Given => new(database!.Tables);

    protected IDatabase Redis => redis!.GetDatabase();

    [SetUp]
    public async Task StartNode()
    {
        database = await CreateDatabaseAsync();
        node = new EngineNode(Cell);
        reading = new ReadingNode(Cell, node.Directory, node.Committed, NewCache());
        redis = await Task.Run(() => ConnectionMultiplexer.ConnectAsync(database.RedisConnectionString));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        redis?.Close(allowCommandsToComplete: false);
        if (node is not null)
        {
            await reading!.DisposeAsync();
            await node.DisposeAsync();
        }

        if (database is not null)
        {
            await database.DisposeAsync();
        }

        await AfterwardsAsync();
    }

    protected virtual Task<TestDatabase> CreateDatabaseAsync() => TestDatabase.CreateAsync();

    protected virtual ValueTask AfterwardsAsync() => ValueTask.CompletedTask;

    protected RedisAvailabilityCache NewCache() =>
        new(database!.RedisConnectionString, NullLogger<RedisAvailabilityCache>.Instance);

    /// <summary>
    /// An engine whose commits no cache hears of, as of a server that ends between its commit and its write.
    /// </summary>
    protected EngineNode NewMuteNode() => new(Cell);

    /// <summary>A SKU with stock, and a copy of it in the cache.</summary>
    protected async Task<string> Copied(long onHand)
    {
        var sku = await Given.Stock(onHand);
        await Reading.FollowAsync();
        await Reading.GetCopyAsync(sku);
        return sku;
    }

    protected static async Task<Reservation> Hold(EngineNode engine, string sku, long quantity) =>
        (await engine.Reserve.ExecuteAsync(Some.Reserve(sku, quantity), CancellationToken.None)).Reservation
        ?? throw new InvalidOperationException("It could not be held.");

    protected async Task Add(string sku, long quantity, string warehouse = Given.MainWarehouse)
    {
        var answer = await Node.Edit.ExecuteAsync(
            new StockEdit
            {
                Caller = Some.Caller,
                RequestId = Some.RequestId(),
                Target = StockTarget.At(sku, warehouse),
                Kind = EditKind.Add,
                Quantity = quantity,
            },
            CancellationToken.None
        );
        Assert.That(answer.Outcome, Is.EqualTo(EditOutcome.Edited));
    }

    /// <summary>The copy's key, and where it is written down.</summary>
    protected async Task<string> KeyOf(string sku)
    {
        await using var connection = await database!.Tables.OpenConnectionAsync();
        var id = await connection.QuerySingleAsync<long>(
            "SELECT item_id FROM item WHERE sku = @Sku",
            new { Sku = sku }
        );
        var keys = (string[])(await Redis.ExecuteAsync("KEYS", "inventory:*:1:cursor"))!;
        return keys.Single().Replace("cursor", id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    protected async Task<long> ItemId(string sku) =>
        (await Node.Directory.FindAsync([sku], CancellationToken.None))[sku].ItemId;
}
