using Dapper;
using Inventory.Engine.Availability;
using Inventory.Server.Cache;
using Inventory.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using StackExchange.Redis;

namespace Inventory.Server.Tests.Cache;

/// <summary>What a crash, a flush and a forger leave behind, and that one pass of the follower ends it.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class RepairTests : CacheFixture
{
    [Test]
    public async Task A_write_that_was_lost_between_commit_and_cache_is_made_up_for()
    {
        var sku = await Copied(onHand: 5);
        await using var mute = NewMuteNode();

        await Hold(mute, sku, 2);
        var stale = await Reading.GetCopyAsync(sku);
        await Reading.FollowAsync();
        var repaired = await Reading.GetCopyAsync(sku);

        Assert.That(stale.Totals.Available, Is.EqualTo(5), "nobody has told the cache");
        Assert.That((repaired.Totals.Available, repaired.Totals.Reserved), Is.EqualTo((3, 2)));
        Assert.That(repaired.Freshness.AsOf, Is.GreaterThan(stale.Freshness.AsOf));
    }

    [Test]
    public async Task What_was_lost_while_no_server_ran_is_made_up_for_by_the_next()
    {
        var sku = await Copied(onHand: 5);
        await using var mute = NewMuteNode();
        await Hold(mute, sku, 2);

        await using var next = new ReadingNode(Cell, mute.Directory, mute.Committed, NewCache());
        var unfollowed = await next.GetAsync(sku);
        await next.FollowAsync();
        var repaired = await next.GetCopyAsync(sku);

        Assert.That(unfollowed.Freshness.Source, Is.EqualTo(AvailabilitySource.Database), "it trusts no copy yet");
        Assert.That(repaired.Totals.Available, Is.EqualTo(3));
    }

    [Test]
    public async Task A_server_follows_by_itself_within_two_seconds()
    {
        var sku = await Given.Stock(onHand: 5);
        await using var mute = NewMuteNode();
        await using var cache = NewCache();
        using var metrics = new Engine.Telemetry.AvailabilityMetrics();
        await using var publish = new PublishLevels(cache, Node.Committed, metrics);
        var repair = new RepairAvailability(Cell, cache, publish, metrics);
        using var upkeep = new CacheUpkeep(repair, NullLogger<CacheUpkeep>.Instance);
        await Reading.FollowAsync();
        await Reading.GetCopyAsync(sku);

        await upkeep.StartAsync(CancellationToken.None);
        await Hold(mute, sku, 2);

        await Eventually.TrueAsync(
            async () => (await Reading.GetAsync(sku)).Totals.Available == 3,
            within: TimeSpan.FromSeconds(2)
        );
        await upkeep.StopAsync(CancellationToken.None);
        Assert.That((await Reading.GetAsync(sku)).Freshness.Source, Is.EqualTo(AvailabilitySource.Cache));
    }

    [Test]
    public async Task Amounts_that_only_edits_change_are_made_up_for_too()
    {
        var sku = await Copied(onHand: 5);
        await using var connection = await Database.Tables.OpenConnectionAsync();

        await connection.ExecuteAsync(
            """
            WITH moved AS (
                UPDATE stock SET in_transit = 4, version = version + 1 RETURNING stock_id, version)
            INSERT INTO journal (at, stock_id, version, in_transit, kind, actor)
            SELECT clock_timestamp(), stock_id, version, 4, 9, 'test' FROM moved
            """
        );
        await Reading.FollowAsync();

        Assert.That((await Reading.GetCopyAsync(sku)).Totals.InTransit, Is.EqualTo(4));
    }

    [Test]
    public async Task A_backlog_of_many_pages_is_worked_off_and_one_too_long_gives_the_copies_up()
    {
        var skus = new[] { await Copied(onHand: 50), await Copied(onHand: 50), await Copied(onHand: 50) };
        await using var mute = NewMuteNode();
        await using var patient = new ReadingNode(
            Cell,
            mute.Directory,
            mute.Committed,
            NewCache(),
            pageSize: 1,
            pagesMax: 9
        );
        await using var hasty = new ReadingNode(
            Cell,
            mute.Directory,
            mute.Committed,
            NewCache(),
            pageSize: 1,
            pagesMax: 2
        );

        await Task.WhenAll(skus.Select(sku => Hold(mute, sku, 1)));
        await patient.FollowAsync();
        var worked = await Task.WhenAll(skus.Select(sku => Reading.GetAsync(sku)));
        await Task.WhenAll(skus.Select(sku => Hold(mute, sku, 1)));
        await hasty.FollowAsync();
        var given = await Task.WhenAll(skus.Select(sku => Reading.GetAsync(sku)));

        Assert.That(
            worked.Select(i => (i.Totals.Available, i.Freshness.Source)),
            Is.All.EqualTo((49, AvailabilitySource.Cache))
        );
        Assert.That(
            given.Select(i => (i.Totals.Available, i.Freshness.Source)),
            Is.All.EqualTo((48, AvailabilitySource.Database))
        );
    }

    [Test]
    public async Task Where_the_cursor_is_lost_the_copies_are_given_up()
    {
        var sku = await Copied(onHand: 5);
        await using var mute = NewMuteNode();
        await Hold(mute, sku, 2);

        await Redis.KeyDeleteAsync(await CursorKey());
        await Reading.FollowAsync();

        Assert.That((await Reading.GetAsync(sku)).Totals.Available, Is.EqualTo(3));
    }

    [TestCase("rubbish")]
    [TestCase("1;9:3:;0")]
    [TestCase("1;3:99999999999999999999:;0")]
    public async Task A_cursor_that_somebody_spoiled_is_begun_anew(string forged)
    {
        var sku = await Copied(onHand: 5);
        await using var mute = NewMuteNode();
        await Hold(mute, sku, 2);

        await Redis.StringSetAsync(await CursorKey(), forged);
        await Reading.FollowAsync();

        Assert.That((await Reading.GetAsync(sku)).Totals.Available, Is.EqualTo(3));
    }

    [Test]
    public async Task A_flushed_cache_is_filled_again()
    {
        var sku = await Copied(onHand: 5);

        await Redis.ExecuteAsync("FLUSHDB");
        await Hold(Node, sku, 2);
        var read = await Reading.GetAsync(sku);
        await Reading.FollowAsync();

        Assert.That((read.Totals.Available, read.Freshness.Source), Is.EqualTo((3, AvailabilitySource.Database)));
        Assert.That((await Reading.GetCopyAsync(sku)).Totals.Available, Is.EqualTo(3));
    }

    [Test]
    public async Task What_is_no_copy_is_replaced(
        [Values("", "F", "rubbish", "a list", "a row that does not add up")] string forged
    )
    {
        var sku = await Copied(onHand: 5);
        var key = await KeyOf(sku);

        await Redis.KeyDeleteAsync(key);
        await (
            forged switch
            {
                "a list" => Redis.ListRightPushAsync(key, "x"),
                "a row that does not add up" => Redis.StringSetAsync(
                    key,
                    $"F{new string('\0', 15)}{new string('z', 68)}"
                ),
                _ => (Task)Redis.StringSetAsync(key, forged),
            }
        );
        var read = await Reading.GetAsync(sku);
        var copy = await Reading.GetCopyAsync(sku);

        Assert.That((read.Totals.Available, read.Freshness.Source), Is.EqualTo((5, AvailabilitySource.Database)));
        Assert.That(copy.Totals.Available, Is.EqualTo(5));
    }

    [Test]
    public async Task A_version_that_was_never_committed_is_found_out_at_the_next_change()
    {
        var sku = await Copied(onHand: 5);
        var key = await KeyOf(sku);
        var forged = (byte[])(await Redis.StringGetAsync(key))!;
        forged[16 + 4 + 7] = 1; // version 2^56 and more
        forged[16 + 12] = forged[16 + 28] = 77; // on hand and available
        await Redis.StringSetAsync(key, forged);

        var wrong = await Reading.GetCopyAsync(sku);
        await Hold(Node, sku, 2);
        await Eventually.TrueAsync(async () =>
        {
            await Reading.FollowAsync();
            return (await Reading.GetAsync(sku)).Totals.Available == 3;
        });

        Assert.That(wrong.Totals.Available, Is.EqualTo(77));
        Assert.That((await Reading.GetCopyAsync(sku)).Totals.Available, Is.EqualTo(3));
    }

    [Test]
    public async Task Forged_plenty_and_forged_want_change_no_grant()
    {
        var sku = await Copied(onHand: 5);
        var key = await KeyOf(sku);
        var forged = (byte[])(await Redis.StringGetAsync(key))!;

        forged[16 + 12] = forged[16 + 28] = 0;
        await Redis.StringSetAsync(key, forged);
        await Hold(Node, sku, 5);
        forged[16 + 12] = forged[16 + 28] = 77;
        await Redis.StringSetAsync(key, forged);
        var refused = await Node.Reserve.ExecuteAsync(Some.Reserve(sku), CancellationToken.None);

        Assert.That(refused.Reservation, Is.Null);
    }

    private async Task<RedisKey> CursorKey() =>
        ((string[])(await Redis.ExecuteAsync("KEYS", "inventory:*:1:cursor"))!).Single();
}
