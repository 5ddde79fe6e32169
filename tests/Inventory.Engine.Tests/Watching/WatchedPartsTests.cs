using Inventory.Engine.Reservations;
using Inventory.Engine.Returns;
using Inventory.Engine.Tests.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Watching;

/// <summary>What a watcher is told of reservations that end in parts, late, and come back.</summary>
[TestFixture]
public sealed class WatchedPartsTests : PartFixture
{
    private WatchingNode watching = null!;

    [OneTimeSetUp]
    public void StartWatching() => watching = new WatchingNode(Database.Cell, Node);

    [OneTimeTearDown]
    public async Task StopWatching()
    {
        await watching.EmptyAsync();
        await watching.DisposeAsync();
    }

    [Test]
    public async Task Each_part_is_told_with_the_state_that_it_left_also_to_who_comes_late()
    {
        var sku = await Given.Stock(onHand: 10);
        var hold = await Hold(sku, 6);
        using var live = watching.Watch([hold.ReservationId], []);
        await live.UntilAsync(told => told.Count == 1);
        var token = live.Token;

        await Node.Part.ExecuteAsync(Confirm(hold, (sku, 2)) with { KeepsRemainder = true }, default);
        await live.UntilAsync(told => told.Count == 2);
        await Node.Part.ExecuteAsync(Release(hold, (sku, 1)), default);
        await live.UntilAsync(told => told.Count == 3);
        await Confirm(hold.ReservationId);
        await live.UntilAsync(told => told.Count == 4);
        await Node.Return.ExecuteAsync(Return(hold, sku, 2), default);
        await live.UntilAsync(told => told.Count == 5);
        using var late = watching.Watch([hold.ReservationId], [], token);
        await late.UntilAsync(told => told.Count == 4);

        ReservationState[] states =
        [
            ReservationState.Held,
            ReservationState.Held,
            ReservationState.Confirmed,
            ReservationState.Confirmed,
        ];
        Assert.That(live.Told.Skip(1).Select(c => c.State), Is.EqualTo(states));
        Assert.That(late.Told.Select(c => c.State), Is.EqualTo(states), "the row was ahead of all of them");
        Assert.That(Parts(late.Told[^1].Reservation), Is.EqualTo(new[] { (5L, 1L, 2L) }));
    }

    [Test]
    public async Task A_lapsed_hold_that_is_taken_again_in_part_is_told_as_confirmed()
    {
        var sku = await Given.Stock(onHand: 10);
        var hold = await Hold(sku, 6);
        using var watcher = watching.Watch([hold.ReservationId], []);
        await watcher.UntilAsync(told => told.Count == 1);
        await Given.Lapsed(hold.ReservationId);

        await Node.Part.ExecuteAsync(Confirm(hold, (sku, 4)) with { Reacquires = true }, default);
        await watcher.UntilAsync(told => told.Count == 2);

        Assert.That(watcher.Told[1].State, Is.EqualTo(ReservationState.Confirmed));
    }

    [Test]
    public async Task What_comes_back_of_a_part_is_told_also_when_the_rest_has_lapsed()
    {
        var sku = await Given.Stock(onHand: 10);
        var hold = await Hold(sku, 6);
        await Node.Part.ExecuteAsync(Confirm(hold, (sku, 2)) with { KeepsRemainder = true }, default);
        await Given.Lapsed(hold.ReservationId);
        await Node.Expire.SweepAsync(default);
        using var watcher = watching.Watch([hold.ReservationId], []);
        await watcher.UntilAsync(told => told.Count == 1);

        await Node.Return.ExecuteAsync(Return(hold, sku, 1), default);
        await watcher.UntilAsync(told => told.Count == 2);

        Assert.That(watcher.Told.Select(c => c.State), Is.All.EqualTo(ReservationState.Expired));
        Assert.That(Parts(watcher.Told[1].Reservation), Is.EqualTo(new[] { (2L, 4L, 1L) }));
    }

    private static ReturnRequest Return(Reservation sold, string sku, long quantity) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            ReservationId = sold.ReservationId,
            Lines = [new ReturnLine(sku, null, quantity, ReturnCondition.Available)],
        };
}
