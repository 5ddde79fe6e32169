using Inventory.Engine.Availability;
using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Cache;

[Parallelizable(ParallelScope.Self)]
public sealed class CachedReadsTests : CacheFixture
{
    [Test]
    public async Task The_first_read_asks_the_database_and_the_next_the_cache()
    {
        var sku = await Given.Stock(onHand: 9, damaged: 1, qualityControl: 2, safetyStock: 3);
        await Reading.FollowAsync();

        var first = await Reading.GetAsync(sku);
        var next = await Reading.GetCopyAsync(sku);

        Assert.That(first.Freshness.Source, Is.EqualTo(AvailabilitySource.Database));
        Assert.That(next.Warehouses, Is.EqualTo(first.Warehouses));
        Assert.That(next.Totals, Is.EqualTo(new ShownAmounts(9, 0, 1, 2, 0, 3, 3)));
        Assert.That(next.Freshness.Age, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(
            next.Freshness.AsOf,
            Is.EqualTo(TimeProvider.System.GetUtcNow().UtcDateTime).Within(TimeSpan.FromMinutes(1))
        );
        Assert.That(Reading.Metrics.Hits, Is.EqualTo(1));
        Assert.That(Reading.Metrics.Misses, Is.GreaterThanOrEqualTo(1));
    }

    [Test]
    public async Task A_grant_reaches_the_copy_without_the_follower()
    {
        var sku = await Copied(onHand: 5);

        await Hold(Node, sku, 2);

        await Eventually.TrueAsync(async () => (await Reading.GetAsync(sku)).Totals.Available == 3);
        var read = await Reading.GetAsync(sku);
        Assert.That((read.Totals.Reserved, read.Freshness.Source), Is.EqualTo((2, AvailabilitySource.Cache)));
    }

    [Test]
    public async Task A_row_that_begins_at_another_warehouse_is_shown()
    {
        var sku = await Copied(onHand: 5);
        var warehouse = await Given.Warehouse();

        await Add(sku, 7, warehouse);

        await Eventually.TrueAsync(async () => (await Reading.GetAsync(sku)).Warehouses.Length == 2);
        Assert.That((await Reading.GetCopyAsync(sku)).Totals.Available, Is.EqualTo(12));
    }

    [Test]
    public async Task Amounts_that_no_commit_tells_are_right_as_soon_as_the_commit_is_seen()
    {
        var sku = await Copied(onHand: 5);
        var itemId = await ItemId(sku);
        await using var cache = await OpenCache();

        // As an edit tells of itself that moves two pieces to damaged: on hand and available, and not which amount
        // rose.
        await cache.WriteAsync([new StockLevel(1, itemId, 1, 5, 0, 3, 2)]);

        Assert.That((await cache.FindAsync([itemId]))[0], Is.Null, "a copy whose amounts don't add up is no answer");
    }

    [Test]
    public async Task A_write_that_comes_late_changes_nothing()
    {
        var sku = await Copied(onHand: 5);
        await Hold(Node, sku, 1);
        await Eventually.TrueAsync(async () => (await Reading.GetAsync(sku)).Totals.Reserved == 1);
        await using var cache = await OpenCache();

        var newer = await cache.WriteAsync([new StockLevel(1, await ItemId(sku), 1, 5, 0, 5, 1)]);

        Assert.That(newer, Is.EqualTo([0]), "the writer is told");
        Assert.That((await Reading.GetCopyAsync(sku)).Totals.Available, Is.EqualTo(4));
    }

    [Test]
    public async Task A_copy_that_is_gone_does_not_come_back_by_a_late_write()
    {
        var sku = await Copied(onHand: 5);
        var key = await KeyOf(sku);
        await using var cache = await OpenCache();

        await Redis.KeyDeleteAsync(key);
        await cache.WriteAsync([new StockLevel(1, await ItemId(sku), 1, 99, 0, 99, 1)]);

        Assert.That(await Redis.KeyExistsAsync(key), Is.False);
        Assert.That((await Reading.GetAsync(sku)).Totals.Available, Is.EqualTo(5));
    }

    [Test]
    public async Task What_is_written_while_a_copy_is_filled_stays_above_what_was_read_before()
    {
        var sku = await Given.Stock(onHand: 5);
        await using var cache = await OpenCache();
        var itemId = await ItemId(sku);

        var leases = await cache.LeaseAsync([itemId]);
        var read = new ItemLevels(itemId, false, [new WarehouseLevels(1, 1, 5, 0, 5, 0, 0, 0, 0)]);
        await cache.WriteAsync([new StockLevel(1, itemId, 1, 5, 2, 3, 2)]);
        await cache.FillAsync(leases, [read]);

        var copy = (await cache.FindAsync([itemId]))[0];
        Assert.That(copy!.Rows, Is.EqualTo([new WarehouseLevels(1, 2, 5, 2, 3, 0, 0, 0, 0)]));
    }

    [Test]
    public async Task A_fill_whose_lease_was_lost_on_the_way_leaves_no_copy()
    {
        var sku = await Given.Stock(onHand: 5);
        await using var cache = await OpenCache();
        var itemId = await ItemId(sku);
        var old = new ItemLevels(itemId, false, [new WarehouseLevels(1, 1, 5, 0, 5, 0, 0, 0, 0)]);

        var lost = await cache.LeaseAsync([itemId]);
        await cache.ForgetAsync([itemId]);
        await cache.WriteAsync([new StockLevel(1, itemId, 1, 5, 2, 3, 2)]);
        await cache.FillAsync(lost, [old]);
        var absent = (await cache.FindAsync([itemId]))[0];
        await cache.LeaseAsync([itemId]);
        await cache.FillAsync(lost, [old]);

        Assert.That(absent, Is.Null);
        Assert.That((await cache.FindAsync([itemId]))[0], Is.Null, "another's lease completes no copy");
    }

    [Test]
    public async Task Copies_have_a_lifetime_that_writes_do_not_lengthen()
    {
        var sku = await Copied(onHand: 5);
        var key = await KeyOf(sku);
        await Redis.KeyExpireAsync(key, TimeSpan.FromSeconds(40));

        await Hold(Node, sku, 1);
        await Eventually.TrueAsync(async () => (await Reading.GetAsync(sku)).Totals.Reserved == 1);

        Assert.That(await Redis.KeyTimeToLiveAsync(key), Is.LessThanOrEqualTo(TimeSpan.FromSeconds(40)));
    }

    [Test]
    public async Task Beside_racing_writers_a_copy_never_goes_back_and_ends_as_the_tables()
    {
        var sku = await Copied(onHand: 1_000);
        using var ended = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => VersionsAsync(sku, ended.Token))).ToList();
        var follower = Task.Run(() => FollowUntilAsync(ended.Token));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => TradeAsync(sku, rounds: 60))));
        await ended.CancelAsync();
        var versions = await Task.WhenAll(readers);
        await follower;

        foreach (var seen in versions)
        {
            Assert.That(seen, Is.Ordered.And.Not.Empty);
        }

        await Reading.FollowAsync();
        var copy = await Reading.GetCopyAsync(sku);
        var strong = await Reading.GetAsync(sku, Consistency.Strong);
        Assert.That(copy.Warehouses, Is.EqualTo(strong.Warehouses));
    }

    [Test]
    public async Task A_batch_takes_copies_and_tables_together_in_the_order_of_the_request()
    {
        var copied = await Copied(onHand: 1);
        var fresh = await Given.Stock(onHand: 2);

        var answer = await Reading.BatchGet.ExecuteAsync(
            [fresh, "no-such-sku", copied, fresh],
            [],
            Consistency.Eventual,
            CancellationToken.None
        );

        Assert.That(answer.Items.Select(i => i.Totals.Available), Is.EqualTo([2, 1, 2]));
        Assert.That(
            answer.Items.Select(i => i.Freshness.Source),
            Is.EqualTo([AvailabilitySource.Database, AvailabilitySource.Cache, AvailabilitySource.Database])
        );
        Assert.That(answer.UnknownSkus, Is.EqualTo(["no-such-sku"]));
    }

    private async Task<AvailabilityCache> OpenCache()
    {
        var cache = NewCache();
        cache.Open(new(1, $"{await DatabaseName()}.inventory"));
        await Eventually.TrueAsync(() => cache.Incarnation > 0);
        return cache;
    }

    private async Task<string> DatabaseName()
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return connection.Database;
    }

    private async Task<List<long>> VersionsAsync(string sku, CancellationToken ended)
    {
        var versions = new List<long>();
        while (!ended.IsCancellationRequested)
        {
            var item = await Reading.GetAsync(sku);
            if (item.Freshness.Source == AvailabilitySource.Cache)
            {
                versions.Add(item.Warehouses[0].Version);
            }
        }

        return versions;
    }

    private async Task FollowUntilAsync(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await Reading.TryFollowAsync();
        }
    }

    private async Task TradeAsync(string sku, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            var held = await Hold(Node, sku, 1);
            await Node.End.ExecuteAsync(
                new EndRequest(
                    held.ReservationId,
                    i % 2 == 0 ? ReservationState.Cancelled : ReservationState.Confirmed,
                    Some.Caller
                ),
                CancellationToken.None
            );
        }
    }
}
