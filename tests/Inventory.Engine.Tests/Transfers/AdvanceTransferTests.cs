using Inventory.Engine.Catalog;
using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Inventory.Engine.Transfers;
using Inventory.Engine.Warehouses;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Transfers;

public sealed class AdvanceTransferTests : TransferFixture
{
    [Test]
    public async Task A_shipped_transfer_is_received_in_parts_and_the_last_completes_it()
    {
        var (sku, from, to) = await Places(onHand: 10);
        var id = (await Created(Some.Transfer(sku, from, to, 6, TransferMode.Shipped))).TransferId;
        var shipped = (await At(sku, from), await At(sku, to));

        var first = await Receive(id, 2);
        var part = await At(sku, to);
        var tooMany = await Receive(id, 5);
        var last = await Receive(id);

        Assert.That(shipped, Is.EqualTo(((4, 0), (0, 6))));
        Assert.That((first.Transfer!.State, part), Is.EqualTo((TransferState.InTransit, (2, 4))));
        Assert.That((tooMany.Outcome, tooMany.Transfer!.InTransit), Is.EqualTo((TransferOutcome.TransitShort, 4)));
        Assert.That(
            (last.Transfer!.State, last.Transfer.Received, last.Transfer.Version),
            Is.EqualTo((TransferState.Completed, 6, 3))
        );
        Assert.That(await At(sku, to), Is.EqualTo((6, 0)));
        Assert.That(last.Transfer, Is.EqualTo(await Node.Transfer.ExecuteAsync(id, default)));
        await AddUp();
    }

    [Test]
    public async Task What_does_not_arrive_is_lost_with_its_reason()
    {
        var (sku, from, to) = await Places(onHand: 10);
        var id = (await Created(Some.Transfer(sku, from, to, 6, TransferMode.Shipped))).TransferId;
        var lossy = Some.Step(id, TransferStepKind.Receive, 4) with { LosesRest = true, Reason = "stolen" };

        var answer = await Advance(lossy);
        var all = await Created(Some.Transfer(sku, from, to, 2, TransferMode.Shipped));
        var nothing = await Advance(Some.Step(all.TransferId, TransferStepKind.Receive, 0) with { LosesRest = true });

        Assert.That(
            (answer.Transfer!.State, answer.Transfer.Received, answer.Transfer.Lost),
            Is.EqualTo((TransferState.Completed, 4, 2))
        );
        Assert.That((nothing.Transfer!.State, nothing.Transfer.Lost), Is.EqualTo((TransferState.Completed, 2)));
        Assert.That((await At(sku, from), await At(sku, to)), Is.EqualTo(((2, 0), (4, 0))));
        Assert.That(
            (await Journal(id)).Skip(2),
            Is.EqualTo(
                new Leg[]
                {
                    new(to, JournalKind.TransferReceived, 4, -4, "stolen"),
                    new(to, JournalKind.TransferLost, null, -2, "stolen"),
                }
            )
        );
        await AddUp();
    }

    [Test]
    public async Task A_planned_transfer_holds_nothing_until_it_is_shipped()
    {
        var (sku, from, to) = await Places(onHand: 5);
        var planned = await Created(Some.Transfer(sku, from, to, 5, TransferMode.Planned));
        var before = (await At(sku, from), await At(sku, to));
        var held = await Hold(sku, quantity: 1);

        var tooMany = await Ship(planned.TransferId);
        await Cancel(held.ReservationId);
        var shipped = await Ship(planned.TransferId);
        var again = await Ship(planned.TransferId);

        Assert.That((planned.State, planned.ShippedAt), Is.EqualTo((TransferState.Pending, (DateTime?)null)));
        Assert.That((before.Item1, before.Item2.HasValue), Is.EqualTo(((5, 0), false)));
        Assert.That((tooMany.Outcome, tooMany.Available), Is.EqualTo((TransferOutcome.StockShort, 4)));
        Assert.That(
            (shipped.Transfer!.State, shipped.Transfer.InTransit, shipped.Transfer.Version),
            Is.EqualTo((TransferState.InTransit, 5, 2))
        );
        Assert.That(again, Is.EqualTo(shipped with { Outcome = TransferOutcome.Replayed }));
        Assert.That((await At(sku, from), await At(sku, to)), Is.EqualTo(((0, 0), (0, 5))));
        await AddUp();
    }

    [Test]
    public async Task Cancelled_what_is_on_its_way_goes_back_and_what_has_arrived_stays()
    {
        var (sku, from, to) = await Places(onHand: 10);
        var id = (await Created(Some.Transfer(sku, from, to, 6, TransferMode.Shipped))).TransferId;
        await Receive(id, 2);
        var planned = await Created(Some.Transfer(sku, from, to, 1, TransferMode.Planned));

        var cancelled = await CancelTransfer(id);
        var unshipped = await CancelTransfer(planned.TransferId);
        var again = await CancelTransfer(id);

        Assert.That(
            (cancelled.Transfer!.State, cancelled.Transfer.Received, cancelled.Transfer.Returned),
            Is.EqualTo((TransferState.Cancelled, 2, 4))
        );
        Assert.That((unshipped.Transfer!.State, unshipped.Transfer.Returned), Is.EqualTo((TransferState.Cancelled, 0)));
        Assert.That(again, Is.EqualTo(cancelled with { Outcome = TransferOutcome.Replayed }));
        Assert.That((await At(sku, from), await At(sku, to)), Is.EqualTo(((8, 0), (2, 0))));
        await AddUp();
    }

    [Test]
    public async Task A_step_begins_where_the_transfer_stands()
    {
        var (sku, from, to) = await Places(onHand: 10);
        var planned = (await Created(Some.Transfer(sku, from, to, 1, TransferMode.Planned))).TransferId;
        var done = (await Created(Some.Transfer(sku, from, to))).TransferId;
        var cancelled = (await Created(Some.Transfer(sku, from, to, 1, TransferMode.Shipped))).TransferId;
        await CancelTransfer(cancelled);

        TransferAnswer[] wrong =
        [
            await Receive(planned),
            await Receive(done, 1),
            await CancelTransfer(done),
            await Ship(cancelled),
            await Receive(cancelled),
        ];
        TransferAnswer[] reached = [await Receive(done), await Ship(done)];

        Assert.That(wrong.Select(a => a.Outcome), Is.All.EqualTo(TransferOutcome.OtherState));
        Assert.That(reached.Select(a => a.Outcome), Is.All.EqualTo(TransferOutcome.Replayed));
        Assert.That((await Receive(Guid.NewGuid())).Outcome, Is.EqualTo(TransferOutcome.TransferUnknown));
        await AddUp();
    }

    [Test]
    public async Task A_replay_of_a_receipt_receives_nothing_more_and_a_stale_version_nothing_at_all()
    {
        var (sku, from, to) = await Places(onHand: 10);
        var id = (await Created(Some.Transfer(sku, from, to, 6, TransferMode.Shipped))).TransferId;
        var step = Some.Step(id, TransferStepKind.Receive, 2) with { ExpectedVersion = 1 };
        var first = await Advance(step);

        var again = await Advance(step);
        var stale = await Advance(step with { RequestId = Some.RequestId() });
        var other = await Advance(step with { Quantity = 3 });

        Assert.That(again, Is.EqualTo(first with { Outcome = TransferOutcome.Replayed }));
        Assert.That((stale.Outcome, stale.Transfer!.Version), Is.EqualTo((TransferOutcome.VersionConflict, 2)));
        Assert.That(other, Is.EqualTo(new TransferAnswer(TransferOutcome.RequestIdReused, null)));
        Assert.That(await At(sku, to), Is.EqualTo((2, 4)));
    }

    [Test]
    public async Task A_target_that_became_inactive_ships_nothing_more_and_receives_what_is_on_its_way()
    {
        var (sku, from, to) = await Places(onHand: 10);
        var planned = (await Created(Some.Transfer(sku, from, to, 1, TransferMode.Planned))).TransferId;
        var shipped = (await Created(Some.Transfer(sku, from, to, 1, TransferMode.Shipped))).TransferId;
        await Node.UpdateWarehouse.ExecuteAsync(
            new()
            {
                Caller = Some.Caller,
                RequestId = Some.RequestId(),
                Warehouse = to,
                Active = false,
            },
            default
        );

        var ship = await Ship(planned);
        var receive = await Receive(shipped);

        Assert.That(ship.Outcome, Is.EqualTo(TransferOutcome.WarehouseInactive));
        Assert.That(receive.Outcome, Is.EqualTo(TransferOutcome.Done));
    }

    [Test]
    public async Task Neither_end_of_what_is_on_its_way_can_be_taken_away()
    {
        var (sku, from, to) = await Places(onHand: 3);
        var id = (await Created(Some.Transfer(sku, from, to, 3, TransferMode.Shipped))).TransferId;

        DeleteStockAnswer[] rows = [await Delete(sku, from), await Delete(sku, to)];
        DeleteWarehouseAnswer[] warehouses = [await Delete(from), await Delete(to)];
        var item = await Node.DeleteItem.ExecuteAsync(new(Some.Caller, Some.RequestId(), sku), default);
        await Receive(id);
        var source = await Delete(from);

        Assert.That(rows, Is.All.EqualTo(new DeleteStockAnswer(DeleteStockOutcome.StockRemains, 2, 0, 0, 3)));
        Assert.That(
            warehouses.Select(w => (w.Outcome, w.InTransit)),
            Is.All.EqualTo((DeleteWarehouseOutcome.StockRemains, 3))
        );
        Assert.That(item.Outcome, Is.EqualTo(DeleteItemOutcome.StockRemains));
        Assert.That(source.Outcome, Is.EqualTo(DeleteWarehouseOutcome.Deleted));
        await AddUp();
    }

    [Test]
    public async Task A_planned_transfer_outlives_its_rows_and_ships_into_a_new_one()
    {
        var (sku, from, to) = await Places(onHand: 3);
        await Given.Stock(onHand: 0, sku: sku, warehouse: to);
        var planned = (await Created(Some.Transfer(sku, from, to, 3, TransferMode.Planned))).TransferId;
        await Delete(sku, to);
        var gone = (
            await Created(Some.Transfer(sku, from, await Given.Warehouse("GONE"), 1, TransferMode.Planned))
        ).TransferId;
        await Delete("GONE");

        var shipped = await Ship(planned);
        var nowhere = await Ship(gone);

        Assert.That(shipped.Outcome, Is.EqualTo(TransferOutcome.Done));
        Assert.That((nowhere.Outcome, nowhere.Unknown), Is.EqualTo((TransferOutcome.WarehouseUnknown, "GONE")));
        await AddUp();
    }

    private Task<DeleteStockAnswer> Delete(string sku, string warehouse) =>
        Node.DeleteStock.ExecuteAsync(Some.Deletion(sku, warehouse), default);

    private Task<DeleteWarehouseAnswer> Delete(string warehouse) =>
        Node.DeleteWarehouse.ExecuteAsync(new(Some.Caller, Some.RequestId(), warehouse), default);
}
