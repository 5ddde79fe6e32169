using Dapper;
using Inventory.Engine.Journal;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal;

/// <summary>Each test follows a journal that nobody else writes, of four stock rows.</summary>
public abstract class FollowJournalFixture : IAsyncDisposable
{
    // As every operation writes: the stock row first, then the journal, whose position is drawn with the row locked.
    private const string ChangeSql = """
        -- test.change
        WITH moved AS (
            UPDATE stock SET on_hand = on_hand + 1, version = version + 1 WHERE stock_id = @StockId RETURNING stock_id, version)
        INSERT INTO journal (at, stock_id, version, on_hand, kind, actor)
        SELECT clock_timestamp(), stock_id, version, 1, 7, 'test' FROM moved RETURNING position
        """;

    private protected TestDatabase Database { get; private set; } = null!;

    protected FollowJournal Follow { get; private set; } = null!;

    protected long[] Stock { get; } = new long[4];

    [SetUp]
    public async Task OpenRows()
    {
        Database = await TestDatabase.CreateAsync();
        Follow = new FollowJournal(Database.Cell);
        var given = new Given(Database.Tables);
        for (var i = 0; i < Stock.Length; i++)
        {
            await given.Stock(onHand: 0, safetyStock: 0);
            Stock[i] = i + 1;
        }
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Database.DisposeAsync();
    }

    protected async Task<JournalPage> Read(JournalCursor cursor, int limit = 1_000) =>
        await Follow.ExecuteAsync(cursor, limit, CancellationToken.None)
        ?? throw new InvalidOperationException("The cursor is of another era.");

    protected async Task<long> Change(long stockId)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await Change(connection, stockId);
    }

    protected static Task<long> Change(NpgsqlConnection connection, long stockId) =>
        connection.ExecuteScalarAsync<long>(ChangeSql, new { StockId = stockId });
}
