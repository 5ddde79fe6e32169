using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.Engine.Reservations;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Watching;

[Parallelizable(ParallelScope.Self)]
public sealed class WatchReservationsTests : EngineFixture
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
    public async Task A_watch_by_id_begins_with_the_reservation_and_goes_on_with_its_end()
    {
        var held = await Hold(await Given.Stock(onHand: 5));
        using var watcher = watching.Watch([held.ReservationId], []);

        await watcher.UntilAsync(told => told.Count == 1);
        await Confirm(held.ReservationId);
        await watcher.UntilAsync(told => told.Count == 2);

        Assert.That(watcher.Told.Select(c => c.State), Is.EqualTo([ReservationState.Held, ReservationState.Confirmed]));
        Assert.That(watcher.Told.Select(c => c.ChangedAt is null), Is.EqualTo([true, false]));
        Assert.That(
            watcher.Told[1].Reservation.Allocations,
            Is.EqualTo(held.Allocations.Select(a => a with { Confirmed = a.Quantity }))
        );
    }

    [Test]
    public async Task A_watch_by_order_follows_what_the_order_gets_later()
    {
        var sku = await Given.Stock(onHand: 5);
        var order = Some.OrderId();
        using var watcher = watching.Watch([], [order]);
        await watcher.UntilAsync(_ => true);

        var first = (await Reserve(Some.Reserve(sku, orderId: order))).Reservation!;
        await Reserve(Some.Reserve(sku, orderId: Some.OrderId()));
        await watcher.UntilAsync(told => told.Count == 1);
        await Cancel(first.ReservationId);
        await Reserve(Some.Reserve(sku, orderId: order));
        await watcher.UntilAsync(told => told.Count == 3);

        Assert.That(
            watcher.Told.Select(c => c.State),
            Is.EqualTo([ReservationState.Held, ReservationState.Cancelled, ReservationState.Held])
        );
        Assert.That(watcher.Told.Select(c => c.Reservation.OrderId), Is.All.EqualTo(order));
    }

    [Test]
    public async Task What_moves_no_stock_is_told_too_an_extension_and_a_delivery()
    {
        var held = await Hold(await Given.Stock(onHand: 5));
        using var watcher = watching.Watch([held.ReservationId], []);
        await watcher.UntilAsync(told => told.Count == 1);

        var later = held.ExpiresAt.AddHours(1);
        await Node.Extend.ExecuteAsync(new(held.ReservationId, later, Some.Caller), default);
        await watcher.UntilAsync(told => told.Count == 2);
        await Node.Extend.ExecuteAsync(new(held.ReservationId, later, Some.Caller), default);
        await Confirm(held.ReservationId);
        await Node.Fulfill.ExecuteAsync(new(held.ReservationId, "1Z", null, Some.Caller), default);
        await watcher.UntilAsync(told => told.Count == 4);

        Assert.That(
            watcher.Told.Select(c => c.State),
            Is.EqualTo([
                ReservationState.Held,
                ReservationState.Held,
                ReservationState.Confirmed,
                ReservationState.Fulfilled,
            ])
        );
        Assert.That(watcher.Told[1].Reservation.ExpiresAt, Is.EqualTo(later));
        Assert.That(watcher.Told[3].Reservation.Tracking, Is.EqualTo("1Z"));
    }

    [Test]
    public async Task A_hold_that_lapses_is_told_once()
    {
        var held = await Hold(await Given.Stock(onHand: 5));
        using var watcher = watching.Watch([held.ReservationId], []);
        await watcher.UntilAsync(told => told.Count == 1);

        await Given.Lapsed(held.ReservationId);
        await Node.Expire.SweepAsync(CancellationToken.None);
        await watcher.UntilAsync(told => told.Count == 2);

        Assert.That(watcher.Told[1].State, Is.EqualTo(ReservationState.Expired));
    }

    [Test]
    public async Task Every_change_is_told_exactly_once_and_in_order_beside_eight_writers_across_resumptions()
    {
        const int OrdersEach = 25;
        var sku = await Given.Stock(onHand: 1_000);
        var order = Some.OrderId();
        await using var elsewhere = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, elsewhere];
        await using var small = new WatchingNode(Database.Cell, Node, pageSize: 7);
        var first = small.Watch([], [order]);
        await first.UntilAsync(_ => true);
        var token = first.Token;
        first.Dispose();
        var writers = Task.WhenAll(
            Enumerable.Range(0, 8).Select(w => HoldAndConfirmAsync(nodes[w % 2], sku, order, OrdersEach))
        );

        var told = new List<ReservationChange>();
        while (told.Count < 8 * OrdersEach * 2)
        {
            using var watcher = small.Watch([], [order], token);
            await watcher.UntilAsync(step => step.Count > 20 || told.Count + step.Count >= 8 * OrdersEach * 2);
            told.AddRange(watcher.Told);
            token = watcher.Token;
        }

        await writers;
        var histories = told.GroupBy(c => c.Reservation.ReservationId).ToList();
        Assert.That(histories, Has.Count.EqualTo(8 * OrdersEach));
        Assert.That(
            histories.Select(h => (h.First().State, h.Last().State, Count: h.Count())).Distinct(),
            Is.EqualTo([(ReservationState.Held, ReservationState.Confirmed, 2)])
        );
    }

    [Test]
    public async Task A_slow_watcher_is_told_the_rest_from_the_journal_in_order()
    {
        const int Orders = 700;
        var sku = await Given.Stock(onHand: Orders);
        var order = Some.OrderId();
        using var slow = watching.Watch([], [order]);
        await slow.UntilAsync(_ => true);

        await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => HoldAndConfirmAsync(Node, sku, order, Orders / 7)));
        using var quick = watching.Watch([], [order]);
        await quick.UntilAsync(told => told.Count == Orders);
        await slow.UntilAsync(told => told.Count >= 2 * Orders);

        var histories = slow.Told.GroupBy(c => c.Reservation.ReservationId).ToList();
        Assert.That(slow.Told, Has.Count.EqualTo(2 * Orders));
        Assert.That(
            histories.Select(h => (h.First().State, h.Last().State)).Distinct(),
            Is.EqualTo([(ReservationState.Held, ReservationState.Confirmed)])
        );
    }

    [Test]
    public async Task An_unknown_reservation_ends_the_watch_by_its_name()
    {
        var unknown = Guid.NewGuid();
        using var watcher = watching.Watch([unknown], []);

        await watcher.UntilAsync(_ => false);

        Assert.That(watcher.End!.Outcome, Is.EqualTo(WatchOutcome.ReservationUnknown));
        Assert.That(watcher.End.Unknown, Is.EqualTo([unknown.ToString()]));
    }

    [Test]
    public async Task While_the_database_is_away_nobody_begins_and_those_who_leave_are_let_go()
    {
        await using var nowhere = new Cell(new CellOptions { ConnectionString = "Host=127.0.0.1;Port=1;Timeout=1" });
        await using var away = new WatchingNode(nowhere, Node);
        var watch = away.Watch([], [Some.OrderId()]);

        Assert.That(watch.StepAsync, Throws.InstanceOf<NpgsqlException>());
        watch.Dispose();
        await away.EmptyAsync();
        Assert.That(away.Failures, Is.Not.Empty);
    }

    private static async Task HoldAndConfirmAsync(EngineNode node, string sku, string order, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var held = await node.Reserve.ExecuteAsync(Some.Reserve(sku, orderId: order), CancellationToken.None);
            var end = new EndRequest(held.Reservation!.ReservationId, ReservationState.Confirmed, Some.Caller);
            await node.End.ExecuteAsync(end, CancellationToken.None);
        }
    }
}
