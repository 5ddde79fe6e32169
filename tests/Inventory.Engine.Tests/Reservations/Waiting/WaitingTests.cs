using Dapper;
using Inventory.Engine.Catalog;
using Inventory.Engine.Reservations;
using Inventory.Engine.Returns;
using Inventory.Engine.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations.Waiting;

/// <summary>Reservations that wait for stock, and how that ends.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class WaitingTests : WaitingFixture
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task What_does_not_fit_waits_and_is_held_from_the_grant_on_when_stock_arrives()
    {
        var sku = await Given.Stock(onHand: 2);
        var request = Wait(Some.Reserve(sku, 5) with { HoldMs = 60_000 });

        var asked = await Reserve(request);
        var told = await Told(asked);
        await Edit(Some.Add(sku, 3));
        var granted = await Until(asked, ReservationState.Held);
        var replay = await Reserve(request);

        Assert.That(
            (asked.Outcome, asked.Reservation!.State),
            Is.EqualTo((ReserveOutcome.Waits, ReservationState.Pending))
        );
        Assert.That((told.State, told.ExpiresAt), Is.EqualTo((ReservationState.Pending, asked.Reservation.ExpiresAt)));
        Assert.That(told.Allocations, Is.EqualTo(asked.Reservation.Allocations));
        Assert.That(
            (asked.Reservation.ExpiresAt - asked.Reservation.CreatedAt).TotalMilliseconds,
            Is.EqualTo(request.WaitMs)
        );
        Assert.That(granted.ExpiresAt - asked.Reservation.CreatedAt, Is.InRange(Minute, 2 * Minute));
        Assert.That(
            (replay.Outcome, replay.Reservation!.ExpiresAt),
            Is.EqualTo((ReserveOutcome.Replayed, granted.ExpiresAt))
        );
        Assert.That((await Then.Reserved(sku), await Then.Available(sku)), Is.EqualTo((5, 0)));
    }

    [Test]
    public async Task What_fits_is_held_at_once()
    {
        var sku = await Given.Stock(onHand: 5);

        var answer = await Reserve(Wait(Some.Reserve(sku, 5)));

        Assert.That(answer.Outcome, Is.EqualTo(ReserveOutcome.Held));
    }

    [TestCase("cancel")]
    [TestCase("expire")]
    [TestCase("return")]
    [TestCase("remove damage")]
    [TestCase("set")]
    [TestCase("safety stock")]
    [TestCase("transfer")]
    [TestCase("bulk")]
    public async Task Whatever_makes_more_available_rings(string how)
    {
        var sku = await Given.Stock(onHand: 4);
        await Edit(Some.Move(sku, StockState.Available, StockState.Damaged));
        await Node.UpdateItem.ExecuteAsync(SafetyStock(sku, 1), default);
        var held = (await Reserve(Some.Reserve(sku, 2))).Reservation!;
        var waits = await Reserve(Wait(Some.Reserve(sku, 1)));

        switch (how)
        {
            case "cancel":
                await Cancel(held.ReservationId);
                break;
            case "expire":
                await Given.Lapsed(held.ReservationId);
                await Node.Expire.SweepAsync(default);
                break;
            case "return":
                await Confirm(held.ReservationId);
                await Node.Return.ExecuteAsync(Back(held, sku), default);
                break;
            case "remove damage":
                await Edit(Some.Move(sku, StockState.Damaged, StockState.Available));
                break;
            case "set":
                await Edit(Some.Set(sku, 5));
                break;
            case "safety stock":
                await Node.UpdateItem.ExecuteAsync(SafetyStock(sku, 0), default);
                break;
            case "transfer":
                var from = await Given.Warehouse();
                await Given.Stock(onHand: 1, sku: sku, warehouse: from);
                await Node.CreateTransfer.ExecuteAsync(Some.Transfer(sku, from, Given.MainWarehouse, 1), default);
                break;
            case "bulk":
                using (var lines = Node.Bulk.Gather(Some.Bulk()))
                {
                    await lines.AddAsync(Some.Row(EditKind.Add, sku, 1), default);
                    await Node.Bulk.ExecuteAsync(lines, default);
                }

                break;
        }

        await Until(waits, ReservationState.Held);
    }

    [TestCase(ReservationState.Cancelled)]
    [TestCase(ReservationState.Failed)]
    public async Task One_that_waits_can_be_given_up_once_and_its_place_goes_to_the_next(ReservationState target)
    {
        var sku = await Given.Stock(onHand: 2);
        var first = await Reserve(Wait(Some.Reserve(sku, 3)));
        var second = await Reserve(Wait(Some.Reserve(sku, 2)));
        var request = new EndRequest(first.Reservation!.ReservationId, target, Some.Caller);

        var ended = await Node.End.ExecuteAsync(request, default);
        var again = await Node.End.ExecuteAsync(request, default);
        await Until(second, ReservationState.Held);

        Assert.That((ended.Outcome, ended.Reservation!.State), Is.EqualTo((EndOutcome.Ended, target)));
        Assert.That(again.Outcome, Is.EqualTo(EndOutcome.Replayed));
    }

    [Test]
    public async Task One_that_waits_cannot_be_sold_or_extended()
    {
        var sku = await Given.Stock(onHand: 0);
        var id = (await Reserve(Wait(Some.Reserve(sku, 3)))).Reservation!.ReservationId;

        var confirmed = await Confirm(id);
        var extended = await Node.Extend.ExecuteAsync(
            new(id, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1), Some.Caller),
            default
        );

        Assert.That(confirmed.Outcome, Is.EqualTo(EndOutcome.OtherState));
        Assert.That(confirmed.Reservation!.State, Is.EqualTo(ReservationState.Pending));
        Assert.That(extended.Outcome, Is.EqualTo(ExtendOutcome.OtherState));
    }

    [Test]
    public async Task One_that_has_waited_long_enough_is_expired_and_not_granted_any_more()
    {
        var sku = await Given.Stock(onHand: 0);
        var waits = await Reserve(Wait(Some.Reserve(sku, 3)));
        var id = waits.Reservation!.ReservationId;
        await using (var connection = await Database.Tables.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(
                """
                UPDATE reservation SET expires_at = created_at WHERE reservation_id = @Id;
                UPDATE waiting_line SET until = clock_timestamp() WHERE reservation_id = @Id
                """,
                new { Id = id }
            );
        }

        await Edit(Some.Add(sku, 5));
        await Node.Grant.PassAsync(default);
        var late = await Told(waits);
        var swept = await Node.EndWaiting.SweepAsync(default);
        var cancelled = await Cancel(id);
        var newcomer = await Reserve(Some.Reserve(sku, 5));

        Assert.That(late.State, Is.EqualTo(ReservationState.Expired), "before the sweep has met it");
        Assert.That(swept, Is.EqualTo(1));
        Assert.That(cancelled.Outcome, Is.EqualTo(EndOutcome.Expired));
        Assert.That(newcomer.Outcome, Is.EqualTo(ReserveOutcome.Held));
    }

    [Test]
    public async Task What_cannot_be_served_is_refused_and_not_kept_waiting()
    {
        var sku = await Given.Stock(onHand: 0, discontinued: true);

        var gone = await Reserve(Wait(Some.Reserve(sku, 3)));
        var unknown = await Reserve(Wait(Some.Reserve(Some.Sku(), 3)));

        Assert.That(gone.Outcome, Is.EqualTo(ReserveOutcome.ItemDiscontinued));
        Assert.That(unknown.Outcome, Is.EqualTo(ReserveOutcome.SkuUnknown));
    }

    [Test]
    public async Task A_judgement_says_that_it_would_wait_and_changes_nothing()
    {
        var sku = await Given.Stock(onHand: 1);

        var judged = await Node.Reserve.JudgeAsync(Wait(Some.Reserve(sku, 3)), default);

        Assert.That(judged.Outcome, Is.EqualTo(ReserveOutcome.WouldWait));
        Assert.That(await Then.Available(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task The_same_id_with_another_wait_is_another_content()
    {
        var sku = await Given.Stock(onHand: 1);
        var request = Wait(Some.Reserve(sku, 3));
        await Reserve(request);

        var other = await Reserve(request with { WaitMs = request.WaitMs + 1 });
        var none = await Reserve(request with { WaitMs = null });

        Assert.That(
            (other.Outcome, none.Outcome),
            Is.EqualTo((ReserveOutcome.RequestIdReused, ReserveOutcome.RequestIdReused))
        );
    }

    [Test]
    public async Task A_kit_waits_for_its_parts()
    {
        var (leg, top) = (await Given.Stock(onHand: 3), await Given.Stock(onHand: 1));
        var kit = await Given.Kit((leg, 4), (top, 1));

        var waits = await Reserve(Wait(Some.Reserve(kit, 1)));
        await Edit(Some.Add(leg, 1));
        await Until(waits, ReservationState.Held);

        Assert.That((await Then.Reserved(leg), await Then.Reserved(top)), Is.EqualTo((4, 1)));
    }

    [Test]
    public async Task Rows_at_which_somebody_waits_are_not_taken_away()
    {
        var sku = await Given.Stock(onHand: 0);
        await Reserve(Wait(Some.Reserve(sku, 3)));

        var item = await Node.DeleteItem.ExecuteAsync(new(Some.Caller, Some.RequestId(), sku), default);

        Assert.That((item.Outcome, item.Reserved), Is.EqualTo((DeleteItemOutcome.StockRemains, 3)));
    }

    private static ItemEdit SafetyStock(string sku, long quantity) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            Item = sku,
            SafetyStock = quantity,
        };

    private static ReturnRequest Back(Reservation sold, string sku) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            ReservationId = sold.ReservationId,
            Lines = [new ReturnLine(sku, null, 1, ReturnCondition.Available)],
        };
}
