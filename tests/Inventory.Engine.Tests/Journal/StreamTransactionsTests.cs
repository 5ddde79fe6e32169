using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal;

/// <summary>Each test streams a journal that nobody else writes.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StreamTransactionsTests : IAsyncDisposable
{
    private const string ChangeSql = """
        -- test.change
        WITH moved AS (
            UPDATE stock SET on_hand = on_hand + 1, version = version + 1
            WHERE stock_id = (SELECT stock_id FROM stock JOIN item USING (item_id) WHERE sku = @Sku) RETURNING stock_id, version)
        INSERT INTO journal (at, stock_id, version, on_hand, kind, actor)
        SELECT clock_timestamp(), stock_id, version, 1, @Kind::smallint, 'test' FROM moved
        """;

    private TestDatabase database = null!;
    private StockDirectory directory = null!;
    private StreamTransactions streams = null!;
    private string sku = "";
    private string other = "";

    [SetUp]
    public async Task Open()
    {
        database = await TestDatabase.CreateAsync();
        directory = new(database.Cell);
        streams = new(database.Cell, directory)
        {
            StreamsMax = 2,
            PageSize = 3,
            HeartbeatEvery = TimeSpan.FromHours(1),
        };
        var given = new Given(database.Tables);
        sku = await given.Stock(onHand: 0, safetyStock: 0);
        other = await given.Stock(onHand: 0, safetyStock: 0);
    }

    public async ValueTask DisposeAsync()
    {
        await directory.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task A_stream_tells_what_is_written_from_its_beginning_on()
    {
        await Change(sku);
        using var stream = await Begin(new());
        var first = await Next(stream);
        await Change(other);
        var second = await Next(stream);

        Assert.That(first.Told, Is.Empty, "only a token");
        Assert.That(second.Told.Select(t => (t.Sku, t.Version, t.Change.OnHand)), Is.EqualTo([(other, 1L, 1L)]));
    }

    [Test]
    public async Task A_late_commit_is_told_behind_the_token_that_passed_it()
    {
        await using var late = await database.Tables.OpenConnectionAsync();
        await using var transaction = await late.BeginTransactionAsync();
        await late.ExecuteAsync(ChangeSql, new { Sku = sku, Kind = 7 });
        string token;
        using (var stream = await Begin(new() { FromBeginning = true }))
        {
            await Change(other);
            var early = await Next(stream);
            token = early.ResumeToken!;
            Assert.That(early.Told.Select(t => t.Sku), Is.EqualTo([other]));
        }

        await transaction.CommitAsync();
        using var resumed = await Begin(new(), token);

        Assert.That((await Next(resumed)).Told.Select(t => t.Sku), Is.EqualTo([sku]));
    }

    [Test]
    public async Task All_is_told_in_pages_and_each_token_goes_on_behind_its_own()
    {
        for (var i = 0; i < 8; i++)
        {
            await Change(sku);
        }

        var told = new List<long>();
        string? token = null;
        while (told.Count < 8)
        {
            using var stream = await Begin(new() { FromBeginning = token is null }, token);
            var step = await Next(stream);
            told.AddRange(step.Told.Select(t => t.Version));
            token = step.ResumeToken;
        }

        Assert.That(told, Is.EqualTo(Enumerable.Range(1, 8).Select(v => (long)v)));
    }

    [Test]
    public async Task Only_what_matches_all_that_is_asked_for_is_told()
    {
        await Change(sku);
        await Change(sku, kind: 9);
        await Change(other, kind: 9);

        using var stream = await Begin(
            new()
            {
                Skus = [sku],
                Warehouses = [Given.MainWarehouse],
                Kinds = [JournalKind.Adjusted],
                FromBeginning = true,
            }
        );

        Assert.That((await Next(stream)).Told.Select(t => (t.Sku, t.Version)), Is.EqualTo([(sku, 2L)]));
    }

    [Test]
    public async Task A_stream_that_cannot_begin_says_why()
    {
        string token;
        using (var stream = await Begin(new()))
        {
            token = (await Next(stream)).ResumeToken!;
        }

        var unknown = await Refused(new() { Skus = ["nothing"] });
        var nowhere = await Refused(new() { Warehouses = ["nowhere"] });
        var wrong = await Refused(new() { Skus = [sku] }, token);
        using (await Begin(new()))
        using (await Begin(new()))
        {
            Assert.That(await Refused(new()), Is.EqualTo(WatchOutcome.TooManyWatchers));
        }

        await using (var connection = await database.Tables.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("UPDATE cell SET era = era + 1");
        }

        Assert.That(
            (unknown, nowhere, wrong),
            Is.EqualTo((WatchOutcome.SkuUnknown, WatchOutcome.WarehouseUnknown, WatchOutcome.TokenInvalid))
        );
        Assert.That(await Refused(new(), token), Is.EqualTo(WatchOutcome.TokenTooOld));
    }

    private async Task<TransactionWatch> Begin(StreamFilter filter, string? token = null) =>
        (await streams.OpenAsync(filter, token, CancellationToken.None)).Stream!;

    private async Task<WatchOutcome> Refused(StreamFilter filter, string? token = null) =>
        (await streams.OpenAsync(filter, token, CancellationToken.None)).Refusal!.Outcome;

    private static async Task<WatchStep<Transaction>> Next(TransactionWatch stream) =>
        await stream.NextAsync(CancellationToken.None);

    private async Task Change(string of, short kind = 7)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(ChangeSql, new { Sku = of, Kind = kind });
    }
}
