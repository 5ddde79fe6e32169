using Inventory.Engine.Availability;
using Inventory.Engine.Journal;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Watching;

/// <summary>Where watches end, and what they are told when nothing happens.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class WatchLimitsTests : EngineFixture
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
    public async Task A_token_that_is_older_than_what_is_kept_ends_the_watch_with_the_oldest_position()
    {
        var sku = await Given.Stock(onHand: 50);
        await using var forgetful = new WatchingNode(Database.Cell, Node, returnChangesMax: 10);
        var watcher = await forgetful.WatchAsync([sku]);
        await watcher.UntilAsync(told => told.Count > 0);
        watcher.Dispose();
        for (var i = 0; i < 20; i++)
        {
            await Hold(sku);
        }

        using var resumed = await forgetful.WatchAsync([sku], token: watcher.Token);
        await resumed.UntilAsync(_ => false);

        Assert.That(resumed.End!.Outcome, Is.EqualTo(WatchOutcome.TokenTooOld));
        Assert.That(resumed.End.OldestPosition, Is.GreaterThan(0));
        Assert.That(resumed.Told, Is.Empty);
    }

    [Test]
    public async Task A_token_of_another_watch_or_of_nobody_is_refused()
    {
        var (sku, other) = (await Given.Stock(onHand: 1), await Given.Stock(onHand: 1));
        using var watcher = await watching.WatchAsync([sku]);
        await watcher.UntilAsync(told => told.Count > 0);

        foreach (var (name, token) in new[] { (other, watcher.Token), (sku, "AAAA"), (sku, "no token!") })
        {
            var (_, refusal) = await watching.Availability.OpenAsync([name], [], token, CancellationToken.None);

            Assert.That(refusal!.Outcome, Is.EqualTo(WatchOutcome.TokenInvalid));
        }
    }

    [Test]
    public async Task An_idle_watch_tells_how_far_it_is()
    {
        var sku = await Given.Stock(onHand: 1);
        using var watcher = await watching.WatchAsync([sku]);
        await watcher.UntilAsync(told => told.Count > 0);
        var first = watcher.Token;

        await Given.Stock(onHand: 1);
        while (watcher.Token == first)
        {
            await watcher.StepAsync();
        }

        Assert.That(watcher.Told, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task One_watcher_more_than_the_server_takes_is_turned_away_and_those_who_leave_make_room()
    {
        var sku = await Given.Stock(onHand: 1);
        await using var small = new WatchingNode(Database.Cell, Node, watchersMax: 1_000);
        var watches = new List<AvailabilityWatch>();
        for (var i = 0; i < 1_000; i++)
        {
            watches.Add((await small.Availability.OpenAsync([sku], [], null, CancellationToken.None)).Watch!);
        }

        var (_, refusal) = await small.Availability.OpenAsync([sku], [], null, CancellationToken.None);
        watches.ForEach(w => w.Dispose());
        await small.EmptyAsync();
        using var next = await small.WatchAsync([sku]);
        await next.UntilAsync(told => told.Count > 0);

        Assert.That(refusal!.Outcome, Is.EqualTo(WatchOutcome.TooManyWatchers));
        Assert.That(small.Failures, Is.Empty);
    }
}
