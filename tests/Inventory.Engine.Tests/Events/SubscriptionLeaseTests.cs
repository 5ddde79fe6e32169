using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Events;
using Inventory.Engine.Journal;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Events;

/// <summary>One node sends a subscription's deliveries, and who was the sender once writes nothing any more.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SubscriptionLeaseTests : IAsyncDisposable
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly Guid first = Guid.NewGuid();
    private readonly Guid second = Guid.NewGuid();
    private TestDatabase database = null!;

    private Cell Cell => database.Cell;

    private LeaseSubscriptions Leases => new(Cell);

    [SetUp]
    public async Task CreateDatabase() => database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await database.DisposeAsync();

    [Test]
    public async Task Of_two_nodes_one_sends_and_the_other_when_the_lease_has_lapsed()
    {
        var made = await SubscribeAsync();

        var mine = await Leases.ExecuteAsync(first, Length, default);
        var theirs = await Leases.ExecuteAsync(second, Length, default);
        var still = await Leases.ExecuteAsync(first, Length, default);
        await ExecuteAsync("UPDATE event_subscription SET leased_until = clock_timestamp() - interval '1 second'");
        var taken = await Leases.ExecuteAsync(second, Length, default);
        var lost = await Leases.ExecuteAsync(first, Length, default);

        Assert.That(Ids(mine), Is.EqualTo([made.SubscriptionId]));
        Assert.That(Ids(theirs), Is.Empty);
        Assert.That(Ids(still), Is.EqualTo([made.SubscriptionId]));
        Assert.That(Ids(taken), Is.EqualTo([made.SubscriptionId]));
        Assert.That(Ids(lost), Is.Empty);
    }

    [Test]
    public async Task A_node_that_stops_leaves_its_subscriptions_to_the_others_at_once()
    {
        await SubscribeAsync();
        await Leases.ExecuteAsync(first, Length, default);

        await Leases.ReleaseAsync(first, default);

        Assert.That(await Leases.ExecuteAsync(second, Length, default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Who_has_lost_the_lease_makes_no_delivery_and_notes_no_attempt()
    {
        var made = await SubscribeAsync();
        await Leases.ExecuteAsync(first, Length, default);
        await QueueAsync(first, made, made.Cursor, "next", 1, 2);
        await Leases.ReleaseAsync(first, default);
        await Leases.ExecuteAsync(second, Length, default);
        var pending = await new NextDelivery(Cell).ExecuteAsync(made.SubscriptionId, default);

        var queued = await QueueAsync(first, made, "next", "last", 3);
        var noted = await NoteAsync(first, pending!.DeliveryId, DeliveryState.Delivered);

        Assert.That((queued, noted), Is.EqualTo((false, false)));
        Assert.That(await NoteAsync(second, pending.DeliveryId, DeliveryState.Delivered), Is.True);
    }

    [Test]
    public async Task The_same_page_is_queued_once_in_deliveries_of_at_most_a_hundred_in_its_order()
    {
        var made = await SubscribeAsync();
        await Leases.ExecuteAsync(first, Length, default);
        var positions = Enumerable.Range(1, 250).Select(p => (long)p).ToArray();

        var queued = await QueueAsync(first, made, made.Cursor, "next", positions);
        var again = await QueueAsync(first, made, made.Cursor, "next", positions);
        var found = new List<long>();
        var sizes = new List<int>();
        while (await new NextDelivery(Cell).ExecuteAsync(made.SubscriptionId, default) is { } next)
        {
            found.AddRange(next.Positions);
            sizes.Add(next.Positions.Length);
            await NoteAsync(first, next.DeliveryId, DeliveryState.Delivered);
        }

        Assert.That((queued, again), Is.EqualTo((true, false)));
        Assert.That(found, Is.EqualTo(positions));
        Assert.That(sizes, Is.EqualTo([100, 100, 50]));
    }

    [Test]
    public async Task Of_those_that_succeeded_the_last_hundred_are_kept_and_every_dead_letter()
    {
        var made = await SubscribeAsync();
        await Leases.ExecuteAsync(first, Length, default);
        for (var i = 0; i < 120; i++)
        {
            await QueueAsync(first, made, i == 0 ? made.Cursor : $"{i}", $"{i + 1}", i + 1);
            var next = await new NextDelivery(Cell).ExecuteAsync(made.SubscriptionId, default);
            await NoteAsync(first, next!.DeliveryId, i < 10 ? DeliveryState.Dead : DeliveryState.Delivered);
        }

        var all = await new ListDeliveries(Cell).ExecuteAsync(made.SubscriptionId, null, 1_000, null, default);

        Assert.That(all!.Deliveries.Count(d => d.State == DeliveryState.Dead), Is.EqualTo(10));
        Assert.That(
            all.Deliveries.Where(d => d.State == DeliveryState.Delivered).Select(d => d.FirstPosition),
            Is.EqualTo(Enumerable.Range(21, 100).Select(p => (long)p).Reverse())
        );
    }

    [Test]
    public async Task A_list_is_read_page_by_page_and_a_token_is_good_for_its_own_list()
    {
        var made = await SubscribeAsync();
        await Leases.ExecuteAsync(first, Length, default);
        await QueueAsync(first, made, made.Cursor, "next", [.. Enumerable.Range(1, 250).Select(p => (long)p)]);
        var list = new ListDeliveries(Cell);

        var page = await list.ExecuteAsync(made.SubscriptionId, null, 2, null, default);
        var rest = await list.ExecuteAsync(made.SubscriptionId, null, 2, page!.NextPageToken, default);
        var other = await list.ExecuteAsync(null, null, 2, page.NextPageToken, default);

        Assert.That(
            page.Deliveries.Concat(rest!.Deliveries).Select(d => d.FirstPosition),
            Is.EqualTo([201L, 101L, 1L])
        );
        Assert.That(rest.NextPageToken, Is.Null);
        Assert.That(other, Is.Null);
    }

    [Test]
    public async Task There_are_at_most_a_hundred_and_one_that_is_deleted_makes_room()
    {
        var made = new List<Subscription>();
        for (var i = 0; i < CreateSubscription.SubscriptionsMax; i++)
        {
            made.Add(await SubscribeAsync());
        }

        var refused = await new CreateSubscription(Cell).ExecuteAsync(New(), default);
        await new DeleteSubscription(Cell).ExecuteAsync(made[0].SubscriptionId, Some.Caller, default);
        var taken = await new CreateSubscription(Cell).ExecuteAsync(New(), default);

        Assert.That(refused.Outcome, Is.EqualTo(CreateSubscriptionOutcome.TooMany));
        Assert.That(taken.Outcome, Is.EqualTo(CreateSubscriptionOutcome.Created));
    }

    private static long[] Ids(IReadOnlyList<Subscription> subscriptions) =>
        [.. subscriptions.Select(s => s.SubscriptionId)];

    private static NewSubscription New() =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Url = "https://subscriber.example/",
            Cursor = $"{JournalCursor.Beginning(1)}",
        };

    private async Task<Subscription> SubscribeAsync()
    {
        var asked = New();
        var answer = await new CreateSubscription(Cell).ExecuteAsync(asked, default);
        return answer.Subscription! with { Cursor = asked.Cursor };
    }

    private Task<bool> QueueAsync(Guid node, Subscription to, string from, string next, params long[] positions) =>
        new QueueDeliveries(Cell).ExecuteAsync(node, to.SubscriptionId, from, next, 1, positions, default);

    private Task<bool> NoteAsync(Guid node, long deliveryId, DeliveryState state) =>
        new NoteAttempt(Cell).ExecuteAsync(node, deliveryId, new(state, 200, null, TimeSpan.Zero), default);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await Cell.General.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}
