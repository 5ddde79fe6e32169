using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

/// <summary>How many reservations an order or a caller may have open.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class HoldCapsTests : EngineFixture
{
    private readonly StoppedTime time = new();

    [Test]
    public async Task An_order_gets_no_more_than_its_cap_and_again_some_when_one_has_ended()
    {
        await using var capped = Capped(orderMax: 3);
        var (sku, order) = (await Given.Stock(onHand: 50), Some.OrderId());
        var held = new List<ReserveAnswer>();
        for (var i = 0; i < 3; i++)
        {
            held.Add(await capped.ExecuteAsync(Some.Reserve(sku, orderId: order), default));
        }

        var fourth = await capped.ExecuteAsync(Some.Reserve(sku, orderId: order), default);
        var other = await capped.ExecuteAsync(Some.Reserve(sku, orderId: Some.OrderId()), default);
        var none = await capped.ExecuteAsync(Some.Reserve(sku), default);
        await Confirm(held[0].Reservation!.ReservationId);
        var after = await capped.ExecuteAsync(Some.Reserve(sku, orderId: order), default);
        var again = await capped.ExecuteAsync(Some.Reserve(sku, orderId: order), default);

        Assert.That(held.Select(a => a.Outcome), Is.All.EqualTo(ReserveOutcome.Held));
        Assert.That(
            (fourth.Outcome, fourth.Cap),
            Is.EqualTo((ReserveOutcome.TooManyOpen, new HoldCap("order", order, 3)))
        );
        Assert.That(
            new[] { other, none, after, again }.Select(a => a.Outcome),
            Is.EqualTo([ReserveOutcome.Held, ReserveOutcome.Held, ReserveOutcome.Held, ReserveOutcome.TooManyOpen])
        );
    }

    [Test]
    public async Task What_was_granted_is_answered_again_however_many_are_open()
    {
        await using var capped = Capped(orderMax: 1);
        var (sku, order) = (await Given.Stock(onHand: 50), Some.OrderId());
        var request = Some.Reserve(sku, orderId: order);
        await capped.ExecuteAsync(request, default);
        var refused = await capped.ExecuteAsync(Some.Reserve(sku, orderId: order), default);

        var replay = await capped.ExecuteAsync(request, default);
        var reused = await capped.ExecuteAsync(request with { HoldMs = 1_000 }, default);

        Assert.That(refused.Outcome, Is.EqualTo(ReserveOutcome.TooManyOpen));
        Assert.That(replay.Outcome, Is.EqualTo(ReserveOutcome.Replayed));
        Assert.That(reused.Outcome, Is.EqualTo(ReserveOutcome.RequestIdReused));
    }

    [Test]
    public async Task Refusals_lapsed_holds_and_replays_take_no_room()
    {
        await using var capped = Capped(orderMax: 2);
        var (sku, order) = (await Given.Stock(onHand: 2), Some.OrderId());
        var request = Some.Reserve(sku, orderId: order);
        var lapsed = await capped.ExecuteAsync(request, default);
        for (var i = 0; i < 5; i++)
        {
            await capped.ExecuteAsync(request, default);
            await capped.ExecuteAsync(Some.Reserve(sku, 9, orderId: order), default);
        }

        await Given.Lapsed(lapsed.Reservation!.ReservationId);
        var first = await capped.ExecuteAsync(Some.Reserve(sku, orderId: order), default);
        var second = await capped.ExecuteAsync(Some.Reserve(sku, orderId: order), default);

        Assert.That((first.Outcome, second.Outcome), Is.EqualTo((ReserveOutcome.Held, ReserveOutcome.Held)));
    }

    [Test]
    public async Task A_caller_gets_no_more_than_its_cap_those_that_wait_counted_and_is_counted_once_a_second()
    {
        await using var capped = Capped(callerMax: 2);
        var caller = Some.OrderId();
        var sku = await Given.Stock(onHand: 1);
        var held = await capped.ExecuteAsync(By(caller, Some.Reserve(sku)), default);
        var waits = await capped.ExecuteAsync(By(caller, Some.Reserve(sku)) with { WaitMs = 600_000 }, default);

        var third = await capped.ExecuteAsync(By(caller, Some.Reserve(sku)), default);
        var other = await capped.ExecuteAsync(By(Some.OrderId(), Some.Reserve(await Given.Stock(onHand: 1))), default);
        await Cancel(waits.Reservation!.ReservationId);
        await Edit(Some.Add(sku, 5));
        var early = await capped.ExecuteAsync(By(caller, Some.Reserve(sku)), default);
        time.Advance(TimeSpan.FromSeconds(1));
        var later = await capped.ExecuteAsync(By(caller, Some.Reserve(sku)), default);

        Assert.That((held.Outcome, waits.Outcome), Is.EqualTo((ReserveOutcome.Held, ReserveOutcome.Waits)));
        Assert.That(third.Cap, Is.EqualTo(new HoldCap("caller", caller, 2)));
        Assert.That(
            new[] { other, early, later }.Select(a => a.Outcome),
            Is.EqualTo([ReserveOutcome.Held, ReserveOutcome.TooManyOpen, ReserveOutcome.Held])
        );
    }

    [Test]
    public async Task Fifty_at_once_pass_a_cap_by_no_more_than_are_under_way()
    {
        await using var capped = Capped(orderMax: 10);
        var (sku, order) = (await Given.Stock(onHand: 500), Some.OrderId());

        for (var round = 0; round < 4; round++)
        {
            await Task.WhenAll(
                Enumerable
                    .Range(0, 50)
                    .Select(_ => capped.ExecuteAsync(Some.Reserve(sku, orderId: order), default).AsTask())
            );
        }

        Assert.That(await Then.Reserved(sku), Is.InRange(10, 60));
    }

    private ReserveInventory Capped(int orderMax = 0, int callerMax = 0) =>
        new(
            Database.Cell,
            Node.Directory,
            Node.Committed,
            Node.Expire,
            Node.Get,
            Node.Grant,
            caps: new HoldCaps(Database.Cell, orderMax, callerMax, time)
        );

    private static ReserveRequest By(string caller, ReserveRequest request) => request with { Caller = new(caller) };

    private sealed class StoppedTime : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref ticks);

        internal void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
    }
}
