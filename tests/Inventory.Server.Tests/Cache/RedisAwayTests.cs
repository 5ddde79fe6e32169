using System.Diagnostics;
using System.Globalization;
using Dapper;
using Inventory.Engine.Availability;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Cache;

/// <summary>Servers of each test's own, to stop and to kill.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class RedisAwayTests : CacheFixture
{
    private TestCluster? cluster;

    [Test]
    public async Task While_Redis_hangs_reads_come_from_the_database_and_afterwards_from_the_cache_again()
    {
        var sku = await Copied(onHand: 5);

        await SignalAsync("STOP");
        await Hold(Node, sku, 2);
        var hanging = await Reading.GetAsync(sku).WaitAsync(TimeSpan.FromSeconds(5));
        await SignalAsync("CONT");
        await Reading.FollowAsync();
        var healed = await Reading.GetCopyAsync(sku);

        Assert.That((hanging.Totals.Available, hanging.Freshness.Source), Is.EqualTo((3, AvailabilitySource.Database)));
        Assert.That(healed.Totals.Available, Is.EqualTo(3));
    }

    [Test]
    public async Task A_killed_Redis_slows_reads_and_changes_no_answer()
    {
        var sku = await Copied(onHand: 5);

        await cluster!.Redis.KillAsync();
        await Hold(Node, sku, 2);
        var away = await Reading.GetAsync(sku);
        var passed = await Reading.TryFollowAsync();
        await cluster.Redis.StartAgainAsync(CancellationToken.None);
        await Reading.FollowAsync();
        var healed = await Reading.GetCopyAsync(sku);

        Assert.That((away.Totals.Available, away.Freshness.Source), Is.EqualTo((3, AvailabilitySource.Database)));
        Assert.That(passed, Is.False);
        Assert.That(healed.Totals.Available, Is.EqualTo(3));
    }

    [Test]
    public async Task Without_Redis_a_thousand_readers_at_once_take_one_connection()
    {
        var skus = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Given.Stock(onHand: i)));
        await cluster!.Redis.KillAsync();
        await Reading.BatchGet.ExecuteAsync(skus, [], Consistency.Eventual, CancellationToken.None);

        var before = await Backends();
        var reads = Enumerable.Range(0, 1_000).Select(i => Reading.GetAsync(skus[i % skus.Length])).ToList();
        var during = await Backends();
        var answers = await Task.WhenAll(reads);

        Assert.That(answers.Select((a, i) => a.Totals.Available - i % skus.Length), Is.All.Zero);
        Assert.That(during, Is.EqualTo(before), "the lane is open already, and nobody else connects");
    }

    protected override async Task<TestDatabase> CreateDatabaseAsync()
    {
        cluster = await TestCluster.StartAsync();
        return await cluster.CreateDatabaseAsync();
    }

    protected override async ValueTask AfterwardsAsync()
    {
        if (cluster is not null)
        {
            await SignalAsync("CONT");
            await cluster.DisposeAsync();
        }
    }

    private async Task SignalAsync(string signal)
    {
        if (cluster!.Redis is { IsRunning: true, Pid: { } pid })
        {
            using var kill = Process.Start("kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }
    }

    private async Task<long> Backends()
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        );
    }
}
