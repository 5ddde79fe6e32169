using Inventory.Engine.Journal;
using Inventory.Engine.Journal.Snapshots;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal;

public sealed class SnapshotTests : HistoryFixture
{
    private const string WrittenSql = """
        -- tests.written
        SELECT p.version FROM stock_snapshot p JOIN stock s ON s.stock_id = p.stock_id JOIN item i ON i.item_id = s.item_id
        WHERE i.sku = @Sku ORDER BY p.version
        """;

    private const string WrongSql = """
        -- tests.wrong
        SELECT p.stock_id FROM stock_snapshot p, LATERAL (
            SELECT count(*) AS version, max(j.at) AS at, coalesce(sum(j.on_hand), 0) AS on_hand, coalesce(sum(j.reserved), 0) AS reserved
            FROM journal j WHERE j.stock_id = p.stock_id AND j.version <= p.version) j
        WHERE p.version <> j.version OR p.at <> j.at OR p.on_hand <> j.on_hand OR p.reserved <> j.reserved
        """;

    [Test]
    public async Task What_a_row_had_long_ago_is_reckoned_back_from_its_next_snapshot()
    {
        // More has happened since than a page is reckoned back over.
        const int since = 21_000;
        var sku = await Given.Stock(onHand: 0);
        var day = Now.Date.AddDays(-2);
        await LiveAsync(sku, 5, day);
        await LiveAsync(sku, since, day.AddHours(1));
        var filter = new TransactionFilter { Sku = sku, Before = day.AddMinutes(1) };

        var before = await Node.Transactions.ExecuteAsync(filter, 3, null, default);
        await FollowAsync();
        var after = await Node.Transactions.ExecuteAsync(filter, 3, null, default);

        Assert.That(before.Transactions.Select(t => t.After), Is.All.Null);
        Assert.That(after.Transactions.Select(t => t.After?.OnHand), Is.EqualTo([5, 4, 3]));
        Assert.That(after.Transactions.Select(t => t.Before?.OnHand), Is.EqualTo([4, 3, 2]));
    }

    [Test]
    public async Task A_row_has_one_every_so_many_versions_of_its_own_and_one_where_a_snapshot_of_everything_met_it()
    {
        string[] skus = [await Given.Stock(onHand: 0), await Given.Stock(onHand: 0)];
        await LiveAsync(skus[0], 100, Now);
        await LiveAsync(skus[1], 100, Now);
        await FollowAsync(pageSize: 30);
        await Node.CreateSnapshot.ExecuteAsync(New(), default);
        await LiveAsync(skus[0], 100, Now);
        await LiveAsync(skus[1], 100, Now);
        await Node.CreateSnapshot.ExecuteAsync(New(), default);
        await FollowAsync();

        foreach (var sku in skus)
        {
            var stockId = (await QueryAsync<long>(StockIdSql, new { Sku = sku })).Single();
            var due = Enumerable.Range(1, 200).Where(v => (stockId + v) % 48 == 0 || v is 100 or 200);
            Assert.That(await QueryAsync<long>(WrittenSql, new { Sku = sku }), Is.EqualTo(due));
        }

        Assert.That(await QueryAsync<long>(WrongSql), Is.Empty);
    }

    [Test]
    public async Task Any_number_of_nodes_make_the_snapshot_of_a_period_once_and_whole()
    {
        var skus = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            skus.Add(await Given.Stock(onHand: i + 1));
        }

        var every = TimeSpan.FromDays(1);
        var nodes = Enumerable.Range(0, 4).Select(_ => new TakeSnapshots(Database.Cell) { StepSize = 7 });
        await Task.WhenAll(nodes.Select(n => n.SweepAsync(every, default)));
        await Node.TakeSnapshots.SweepAsync(every, default);

        var made = (await Node.Snapshots.ExecuteAsync(1_000, null, default)).Snapshots.Where(s => s.Caller is null);
        Assert.That(made.Select(s => s.FinishedAt), Has.Exactly(1).Items.And.All.Not.Null);
        foreach (var sku in skus)
        {
            Assert.That(await QueryAsync<long>(WrittenSql, new { Sku = sku }), Is.EqualTo([1]));
        }
    }

    [Test]
    public async Task What_a_node_leaves_half_done_another_finishes()
    {
        for (var i = 0; i < 5; i++)
        {
            await Given.Stock(onHand: 1);
        }

        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await ExecuteAsync("INSERT INTO snapshot (at, caller, next_stock_id) VALUES (clock_timestamp(), 'tests', 3)");
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
            await Node.TakeSnapshots.SweepAsync(null, stop.Token)
        );

        Assert.That(await Node.TakeSnapshots.SweepAsync(null, default), Is.EqualTo(1));
        Assert.That((await Node.Snapshots.ExecuteAsync(1, null, default)).Snapshots[0].FinishedAt, Is.Not.Null);
    }

    [Test]
    public async Task The_same_request_makes_one_snapshot_and_its_id_serves_no_other()
    {
        await Given.Stock(onHand: 1);
        var request = New();

        var first = await Node.CreateSnapshot.ExecuteAsync(request, default);
        var again = await Node.CreateSnapshot.ExecuteAsync(request, default);
        var other = await Node.CreateSnapshot.ExecuteAsync(request with { Note = "other" }, default);

        Assert.That(first.Outcome, Is.EqualTo(CreateSnapshotOutcome.Created));
        Assert.That(again, Is.EqualTo(first with { Outcome = CreateSnapshotOutcome.Replayed }));
        Assert.That(other.Outcome, Is.EqualTo(CreateSnapshotOutcome.RequestIdReused));
        Assert.That(first.Snapshot!.FinishedAt, Is.Not.Null);
    }

    [Test]
    public async Task They_are_listed_the_newest_first_page_by_page()
    {
        var made = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            made.Add((await Node.CreateSnapshot.ExecuteAsync(New(), default)).Snapshot!.SnapshotId);
        }

        var first = await Node.Snapshots.ExecuteAsync(2, null, default);
        var second = await Node.Snapshots.ExecuteAsync(2, first.NextPageToken, default);

        Assert.That(
            first.Snapshots.Concat(second.Snapshots).Select(s => s.SnapshotId).Take(3),
            Is.EqualTo(Enumerable.Reverse(made))
        );
        Assert.That(
            (await Node.Snapshots.ExecuteAsync(2, "x", default)).Outcome,
            Is.EqualTo(ListSnapshotsOutcome.PageTokenInvalid)
        );
    }

    private static NewSnapshot New() => new(Some.Caller, Some.RequestId(), "stocktaking");
}
