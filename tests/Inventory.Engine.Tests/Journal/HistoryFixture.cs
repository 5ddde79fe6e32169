using Dapper;
using Inventory.Engine.Journal.Followers;
using Inventory.Engine.Journal.Past;
using Inventory.Engine.Telemetry;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal;

/// <summary>Stock with a past, and what follows the journal run by hand.</summary>
public abstract class HistoryFixture : EngineFixture
{
    private readonly SemaphoreSlim one = new(1);

    protected const string StockIdSql = """
        -- tests.stock_id
        SELECT s.stock_id FROM stock s JOIN item i ON i.item_id = s.item_id WHERE i.sku = @Sku
        """;

    private const string LiveSql = """
        -- tests.live
        WITH moved AS (
            UPDATE stock s SET on_hand = s.on_hand + @Count, version = s.version + @Count
            FROM item i WHERE i.item_id = s.item_id AND i.sku = @Sku RETURNING s.stock_id, s.version)
        INSERT INTO journal (at, stock_id, version, on_hand, kind, actor)
        SELECT @At::timestamptz + n * interval '1 millisecond', m.stock_id, m.version - @Count + n, 1, 7, 'tests'
        FROM moved m, generate_series(1, @Count) n ORDER BY m.stock_id, n
        """;

    private const string PutBackSql = """
        -- tests.put_back
        UPDATE journal j SET at = @At
        FROM stock s JOIN item i ON i.item_id = s.item_id
        WHERE i.sku = @Sku AND j.stock_id = s.stock_id AND j.version = @Version
        """;

    /// <summary>A row without a history whose past is written at its versions 48, 96 and so on.</summary>
    protected async Task<string> GivenDueAt48Async()
    {
        while (true)
        {
            var sku = await Given.Stock(onHand: 0);
            if ((await QueryAsync<long>(StockIdSql, new { Sku = sku })).Single() % 48 == 0)
            {
                return sku;
            }
        }
    }

    /// <summary>One more on hand, again and again: a change each millisecond from a time on.</summary>
    protected Task LiveAsync(string sku, int count, DateTime at) =>
        ExecuteAsync(
            LiveSql,
            new
            {
                Sku = sku,
                Count = count,
                At = at,
            }
        );

    /// <summary>As if the clock had said something else at that change.</summary>
    protected Task PutBackAsync(string sku, long version, DateTime at) =>
        ExecuteAsync(
            PutBackSql,
            new
            {
                Sku = sku,
                Version = version,
                At = at,
            }
        );

    /// <summary>What the database's clock says, nearly: both run on this machine.</summary>
    protected static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <summary>Those who follow come by all changes that they have not come by yet.</summary>
    protected async Task FollowAsync(int pageSize = 1_000)
    {
        await one.WaitAsync();
        try
        {
            using var metrics = new FollowerMetrics();
            await using var run = Run(metrics, pageSize);
            for (var step = FollowerStep.More; step != FollowerStep.Idle; step = await run.StepAsync(default))
            {
                Assert.That(step, Is.EqualTo(FollowerStep.More));
            }
        }
        finally
        {
            one.Release();
        }
    }

    private protected RunFollower Run(FollowerMetrics metrics, int pageSize) =>
        new(Database.Cell, new HistoryFollower { PageSize = pageSize }, metrics);

    protected async Task<PastStock> PastAsync(string sku, DateTime at) => (await AtAsync(sku, at)).Single();

    protected async Task<IReadOnlyList<PastStock>> AtAsync(string sku, DateTime at) =>
        (await Node.Past.ExecuteAsync(new() { At = at, Sku = sku }, 100, null, default)).Rows;

    protected async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    protected async Task<List<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return (await connection.QueryAsync<T>(sql, parameters)).AsList();
    }
}
