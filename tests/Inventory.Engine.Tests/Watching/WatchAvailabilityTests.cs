using Dapper;
using Inventory.Engine.Availability;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Watching;

[Parallelizable(ParallelScope.Self)]
public sealed class WatchAvailabilityTests : EngineFixture
{
    private WatchingNode watching = null!;

    [OneTimeSetUp]
    public void StartWatching() => watching = new WatchingNode(Database.Cell, Node);

    [OneTimeTearDown]
    public async Task StopWatching()
    {
        await watching.EmptyAsync();
        await watching.DisposeAsync();
        Assert.That(watching.Failures, Is.Empty);
    }

    [Test]
    public async Task A_watch_begins_with_what_there_is_and_goes_on_with_each_change()
    {
        var other = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 5);
        await Given.Stock(onHand: 2, sku: sku, warehouse: other);
        using var watcher = await watching.WatchAsync([sku]);

        await watcher.UntilAsync(told => told.Count > 0);
        await Hold(sku, 3);
        await watcher.UntilAsync(told => told[^1].Totals.Reserved == 3);

        Assert.That(watcher.Told[0].Totals, Is.EqualTo(new ShownAmounts(7, 0, 0, 0, 0, 0, 7)));
        Assert.That(watcher.Told[^1].Totals, Is.EqualTo(new ShownAmounts(7, 3, 0, 0, 0, 0, 4)));
        Assert.That(watcher.Told[^1].Warehouses, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task What_another_server_commits_is_told_too()
    {
        var sku = await Given.Stock(onHand: 5);
        await using var elsewhere = new EngineNode(Database.Cell);
        using var watcher = await watching.WatchAsync([sku]);
        await watcher.UntilAsync(told => told.Count > 0);

        await elsewhere.Reserve.ExecuteAsync(Some.Reserve(sku), CancellationToken.None);
        await watcher.UntilAsync(told => told[^1].Totals.Reserved == 1);

        Assert.That(watcher.Told[^1].Totals.Available, Is.EqualTo(4));
    }

    [Test]
    public async Task A_resumed_watch_is_told_what_has_changed_and_nothing_else_on_any_server()
    {
        var changed = await Given.Stock(onHand: 5);
        var same = await Given.Stock(onHand: 5);
        var watcher = await watching.WatchAsync([changed, same]);
        await watcher.UntilAsync(told => told.Count == 2);
        watcher.Dispose();
        await Hold(changed, 2);

        await using var elsewhere = new WatchingNode(Database.Cell, Node);
        using var resumed = await elsewhere.WatchAsync([same, changed], token: watcher.Token);
        await resumed.UntilAsync(_ => true);

        Assert.That(resumed.Told.Select(i => (i.Sku, i.Totals.Reserved)).Distinct(), Is.EqualTo([(changed, 2L)]));
    }

    [Test]
    public async Task A_change_that_commits_late_under_a_low_position_is_told_to_those_who_watch_and_who_resume()
    {
        var (late, early) = (await Given.Stock(onHand: 5), await Given.Stock(onHand: 5));
        using var watcher = await watching.WatchAsync([late, early]);
        await watcher.UntilAsync(told => told.Count == 2);
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            """
            WITH moved AS (
                UPDATE stock s SET on_hand = 9, version = version + 1 FROM item i WHERE i.item_id = s.item_id AND i.sku = @Sku
                RETURNING stock_id, version)
            INSERT INTO journal (at, stock_id, version, on_hand, kind, actor)
            SELECT clock_timestamp(), stock_id, version, 4, 7, 'test' FROM moved
            """,
            new { Sku = late }
        );
        await Hold(early);
        await watcher.UntilAsync(told => told[^1].Totals.Reserved == 1);
        var token = watcher.Token;

        await transaction.CommitAsync();
        using var resumed = await watching.WatchAsync([late, early], token: token);
        await watcher.UntilAsync(told => told[^1].Sku == late && told[^1].Totals.OnHand == 9);
        await resumed.UntilAsync(told => told.Any(i => i.Sku == late));

        Assert.That(resumed.Told.First(i => i.Sku == late).Totals.OnHand, Is.EqualTo(9));
    }

    [Test]
    public async Task A_rows_versions_never_go_back_beside_eight_writers_across_resumptions()
    {
        const int HoldsEach = 60;
        string[] skus = [await Given.Stock(onHand: 1_000), await Given.Stock(onHand: 1_000)];
        await using var elsewhere = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, elsewhere];
        var writers = Task.WhenAll(
            Enumerable.Range(0, 8).Select(w => HoldAsync(nodes[w % 2], skus[w / 2 % 2], HoldsEach))
        );

        var told = new List<ItemAvailability>();
        string? token = null;
        while (!IsWhole(told))
        {
            using var watcher = await watching.WatchAsync(skus, token: token);
            await watcher.UntilAsync(step => step.Count > 1 || IsWhole([.. told, .. step]));
            told.AddRange(watcher.Told);
            token = watcher.Token;
        }

        await writers;
        foreach (var row in told.GroupBy(i => i.Sku))
        {
            Assert.That(row.Select(i => i.Warehouses[0].Version), Is.Ordered);
            Assert.That(row.Last().Totals.Reserved, Is.EqualTo(4 * HoldsEach));
        }

        bool IsWhole(IReadOnlyList<ItemAvailability> items) =>
            skus.All(sku => items.LastOrDefault(i => i.Sku == sku)?.Totals.Reserved == 4 * HoldsEach);
    }

    [Test]
    public async Task A_slow_watcher_is_told_the_latest_state_once_and_holds_up_nobody()
    {
        const int Holds = 40;
        var sku = await Given.Stock(onHand: Holds);
        using var slow = await watching.WatchAsync([sku]);
        using var quick = await watching.WatchAsync([sku]);
        await slow.UntilAsync(told => told.Count > 0);

        for (var i = 0; i < Holds; i++)
        {
            await Hold(sku);
        }

        await quick.UntilAsync(told => told.Count > 0 && told[^1].Totals.Reserved == Holds);
        await slow.UntilAsync(told => told[^1].Totals.Reserved == Holds);

        Assert.That(slow.Told.Select(i => i.Totals.Reserved).Distinct(), Is.EqualTo([0L, Holds]));
    }

    [Test]
    public async Task All_of_a_warehouse_is_told_and_then_its_changes_alone()
    {
        var (site, other) = (await Given.Warehouse(), await Given.Warehouse());
        var skus = new List<string>();
        for (var i = 0; i < 300; i++)
        {
            skus.Add(await Given.Stock(onHand: 1, warehouse: site));
        }

        await Given.Stock(onHand: 7, sku: skus[0], warehouse: other);
        using var watcher = await watching.WatchAsync([], [site]);
        await watcher.UntilAsync(told => told.DistinctBy(i => i.Sku).Count() == skus.Count);
        var walked = watcher.Told.Count;
        await Reserve(Some.Reserve(skus[0], warehouse: other));
        await Reserve(Some.Reserve(skus[1], warehouse: site));
        await watcher.UntilAsync(told => told[^1].Totals.Reserved == 1);

        Assert.That(watcher.Told.Take(walked).Select(i => i.Sku).Distinct(), Is.EquivalentTo(skus));
        Assert.That(watcher.Told.SelectMany(i => i.Warehouses).Select(w => w.Warehouse).Distinct(), Is.EqualTo([site]));
        Assert.That(watcher.Told.Skip(walked).Select(i => i.Sku), Is.EqualTo([skus[1]]));
    }

    [Test]
    public async Task A_warehouse_that_has_more_changes_than_its_watcher_takes_is_told_anew_in_the_end()
    {
        var site = await Given.Warehouse();
        await using (var connection = await Database.Tables.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(FillSql, new { Site = site, Count = 1_500 });
        }

        using var watcher = await watching.WatchAsync([], [site]);
        await watcher.UntilAsync(told => told.DistinctBy(i => i.Sku).Count() == 1_500);
        watcher.Told.Clear();
        await using (var connection = await Database.Tables.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(RaiseSql, new { Site = site });
        }

        await watcher.UntilAsync(told => told.Where(i => i.Totals.OnHand == 2).DistinctBy(i => i.Sku).Count() == 1_500);

        Assert.That(watcher.Told.DistinctBy(i => i.Sku).Count(), Is.EqualTo(1_500));
    }

    [Test]
    public async Task A_warehouse_that_ceases_to_serve_is_told()
    {
        var site = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 5, warehouse: site);
        using var watcher = await watching.WatchAsync([sku]);
        await watcher.UntilAsync(told => told.Count > 0);

        await using (var connection = await Database.Tables.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(
                "UPDATE warehouse SET active = false WHERE code = @Site",
                new { Site = site }
            );
        }

        await watcher.UntilAsync(told => told[^1].Totals.Available == 0);

        Assert.That(watcher.Told[^1].Totals.OnHand, Is.EqualTo(5));
    }

    private const string FillSql = """
        WITH made AS (
            INSERT INTO item (sku, name) SELECT @Site || '-' || n, 'filled' FROM generate_series(1, @Count) n RETURNING item_id),
        opened AS (
            INSERT INTO stock (item_id, warehouse_id, on_hand, version)
            SELECT m.item_id, w.warehouse_id, 1, 1 FROM made m, warehouse w WHERE w.code = @Site RETURNING stock_id)
        INSERT INTO journal (at, stock_id, version, on_hand, kind, actor)
        SELECT clock_timestamp(), stock_id, 1, 1, 11, 'test' FROM opened
        """;

    private const string RaiseSql = """
        WITH moved AS (
            UPDATE stock s SET on_hand = on_hand + 1, version = version + 1 FROM warehouse w
            WHERE w.warehouse_id = s.warehouse_id AND w.code = @Site RETURNING s.stock_id, s.version)
        INSERT INTO journal (at, stock_id, version, on_hand, kind, actor)
        SELECT clock_timestamp(), stock_id, version, 1, 7, 'test' FROM moved
        """;

    private static async Task HoldAsync(EngineNode node, string sku, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await node.Reserve.ExecuteAsync(Some.Reserve(sku), CancellationToken.None);
        }
    }
}
