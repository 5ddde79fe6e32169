using Inventory.Engine.Database;
using Inventory.Engine.Replenishment;
using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Replenishment;

[Parallelizable(ParallelScope.Self)]
public sealed class AdvanceReorderTests : ReorderFixture
{
    [Test]
    public async Task What_is_approved_is_received_in_parts_and_the_last_part_ends_it()
    {
        var sku = await Given.Stock(onHand: 3);
        var ordered = await Ordered(sku);
        var first = Step(ordered.ReorderId, ReorderStepKind.Receive, 4) with { Reason = "note 17" };

        var part = await Advance(first);
        var rest = await Advance(ordered.ReorderId, ReorderStepKind.Receive);

        Assert.That(
            (ordered.State, ordered.Outstanding, ordered.ApprovedBy),
            Is.EqualTo((ReorderState.Approved, 10L, Some.Caller.Name))
        );
        Assert.That(
            (part.Reorder!.State, part.Reorder.Received, part.Reorder.Outstanding),
            Is.EqualTo((ReorderState.Approved, 4L, 6L))
        );
        Assert.That(
            (rest.Reorder!.State, rest.Reorder.Received, rest.Reorder.EndedBy),
            Is.EqualTo((ReorderState.Received, 10L, Some.Caller.Name))
        );
        Assert.That(await Then.OnHand(sku), Is.EqualTo(13));
        Assert.That(
            await Journal(ordered.ReorderId),
            Is.EqualTo(
                new[]
                {
                    new Receipt(JournalKind.Restocked, 4, Some.Caller.Name, "note 17"),
                    new Receipt(JournalKind.Restocked, 6, Some.Caller.Name, null),
                }
            )
        );
    }

    [Test]
    public async Task One_receipt_from_thirty_callers_on_two_servers_comes_in_once()
    {
        var sku = await Given.Stock(onHand: 3);
        var ordered = await Ordered(sku);
        await using var other = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, other];
        var step = Step(ordered.ReorderId, ReorderStepKind.Receive, 4);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(n => nodes[n % 2].AdvanceReorder.ExecuteAsync(step, default))
        );

        Assert.That(answers.Count(a => a.Outcome == ReorderOutcome.Done), Is.EqualTo(1));
        Assert.That(answers.Select(a => a.Reorder).Distinct(), Has.Exactly(1).Items);
        Assert.That(await Then.OnHand(sku), Is.EqualTo(7));
    }

    [Test]
    public async Task One_approval_from_thirty_callers_is_made_once_and_is_known_after_it_was_received()
    {
        var sku = await Given.Stock(onHand: 3);
        await Policy(sku);
        var step = Step((await Reorder(sku)).ReorderId, ReorderStepKind.Approve, 25);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Advance(step)));
        await Advance(step.ReorderId, ReorderStepKind.Receive);
        var late = await Advance(step);

        Assert.That(answers.Count(a => a.Outcome == ReorderOutcome.Done), Is.EqualTo(1));
        Assert.That(answers.Select(a => a.Reorder).Append(late.Reorder).Distinct(), Has.Exactly(1).Items);
        Assert.That((late.Outcome, late.Reorder!.Quantity), Is.EqualTo((ReorderOutcome.Replayed, 25)));
    }

    [Test]
    public async Task A_request_id_of_other_content_is_refused()
    {
        var sku = await Given.Stock(onHand: 3);
        var ordered = await Ordered(sku);
        var step = Step(ordered.ReorderId, ReorderStepKind.Receive, 4);
        await Advance(step);

        var other = await Advance(step with { Quantity = 5 });

        Assert.That(other, Is.EqualTo(new ReorderAnswer(ReorderOutcome.RequestIdReused, null)));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(7));
    }

    [Test]
    public async Task More_than_is_to_come_is_taken_in_only_where_the_request_says_so()
    {
        var sku = await Given.Stock(onHand: 3);
        var ordered = await Ordered(sku);
        var step = Step(ordered.ReorderId, ReorderStepKind.Receive, 11);

        var refused = await Advance(step);
        var taken = await Advance(step with { AllowsExcess = true });

        Assert.That((refused.Outcome, refused.Reorder!.Received), Is.EqualTo((ReorderOutcome.Excess, 0)));
        Assert.That(
            (taken.Outcome, taken.Reorder!.State, taken.Reorder.Received, taken.Reorder.Outstanding),
            Is.EqualTo((ReorderOutcome.Done, ReorderState.Received, 11L, 0L))
        );
        Assert.That(await Then.OnHand(sku), Is.EqualTo(14));
    }

    [Test]
    public async Task What_comes_in_is_given_to_who_waits()
    {
        var sku = await Given.Stock(onHand: 0);
        var ordered = await Ordered(sku);
        var waits = await Reserve(Some.Reserve(sku, 4) with { WaitMs = 600_000 });

        await Advance(ordered.ReorderId, ReorderStepKind.Receive);

        await Eventually.TrueAsync(async () =>
            await Then.State(waits.Reservation!.ReservationId) == ReservationState.Held
        );
        Assert.That(await Then.Available(sku), Is.EqualTo(6));
    }

    [Test]
    public async Task What_comes_in_is_told_to_those_who_keep_copies()
    {
        var sku = await Given.Stock(onHand: 3);
        var ordered = await Ordered(sku);
        var heard = new List<StockLevel>();
        await using var node = new EngineNode(Database.Cell);
        node.Committed.Committed += heard.AddRange;

        await node.AdvanceReorder.ExecuteAsync(Step(ordered.ReorderId, ReorderStepKind.Receive), default);

        Assert.That(heard.Select(l => (l.ItemId, l.OnHand, l.Version)), Is.EqualTo([(ordered.ItemId, 13, 2)]));
    }

    [Test]
    public async Task The_rest_of_a_closed_order_is_needed_again_and_one_that_is_cancelled_is_not()
    {
        var (closing, cancelling) = (await Given.Stock(onHand: 0), await Given.Stock(onHand: 0));
        var (first, second) = (await Ordered(closing), await Ordered(cancelling));
        await Advance(first.ReorderId, ReorderStepKind.Receive, 2);

        var closed = await Advance(first.ReorderId, ReorderStepKind.Close);
        var cancelled = await Advance(second.ReorderId, ReorderStepKind.Cancel);
        await Evaluate(cancelling);

        Assert.That(
            (closed.Reorder!.State, cancelled.Reorder!.State),
            Is.EqualTo((ReorderState.Closed, ReorderState.Cancelled))
        );
        var anew = (await Reorders(closing))[0];
        Assert.That((anew.State, anew.Position, anew.Quantity), Is.EqualTo((ReorderState.Suggested, 2L, 10L)));
        Assert.That(await Reorders(cancelling), Has.Exactly(1).Items);
    }

    [Test]
    public async Task Less_than_is_needed_leaves_the_rest_suggested()
    {
        var sku = await Given.Stock(onHand: 0);
        await Policy(sku);

        await Advance((await Reorder(sku)).ReorderId, ReorderStepKind.Approve, 3);

        var anew = (await Reorders(sku))[0];
        Assert.That((anew.State, anew.Position, anew.Quantity), Is.EqualTo((ReorderState.Suggested, 3L, 10L)));
    }

    [Test]
    public async Task A_step_begins_only_where_the_reorder_stands()
    {
        var sku = await Given.Stock(onHand: 3);
        await Policy(sku);
        var id = (await Reorder(sku)).ReorderId;

        var early = await Outcomes(id, ReorderStepKind.Receive, ReorderStepKind.Cancel, ReorderStepKind.Close);
        await Advance(id, ReorderStepKind.Approve);
        var approved = await Outcomes(id, ReorderStepKind.Approve, ReorderStepKind.Reject);
        await Advance(id, ReorderStepKind.Receive, 1);
        var begun = await Outcomes(id, ReorderStepKind.Cancel);
        await Advance(id, ReorderStepKind.Receive);
        var ended = await Outcomes(id, ReorderStepKind.Receive, ReorderStepKind.Close);

        Assert.That(early, Is.All.EqualTo(ReorderOutcome.OtherState));
        Assert.That(approved, Is.EqualTo([ReorderOutcome.Replayed, ReorderOutcome.OtherState]));
        Assert.That(begun, Is.EqualTo([ReorderOutcome.OtherState]));
        Assert.That(ended, Is.EqualTo([ReorderOutcome.Replayed, ReorderOutcome.OtherState]));
    }

    [Test]
    public async Task A_stale_version_and_an_unknown_reorder_are_told_apart()
    {
        var sku = await Given.Stock(onHand: 3);
        var ordered = await Ordered(sku);

        var stale = await Advance(Step(ordered.ReorderId, ReorderStepKind.Receive) with { ExpectedVersion = 1 });
        var unknown = await Advance(Guid.NewGuid(), ReorderStepKind.Receive);

        Assert.That((stale.Outcome, stale.Reorder!.Version), Is.EqualTo((ReorderOutcome.VersionConflict, 2)));
        Assert.That(unknown, Is.EqualTo(new ReorderAnswer(ReorderOutcome.ReorderUnknown, null)));
    }

    [Test]
    public async Task What_was_ordered_of_an_item_that_is_gone_is_not_received_and_can_be_closed()
    {
        var sku = await Given.Stock(onHand: 0);
        var ordered = await Ordered(sku);
        await Node.DeleteItem.ExecuteAsync(new(Some.Caller, Some.RequestId(), sku, null), default);

        var received = await Advance(ordered.ReorderId, ReorderStepKind.Receive);
        var closed = await Advance(ordered.ReorderId, ReorderStepKind.Close);

        Assert.That((received.Outcome, closed.Outcome), Is.EqualTo((ReorderOutcome.PlaceGone, ReorderOutcome.Done)));
    }

    [Test]
    public async Task Sales_receipts_and_judgements_at_once_lose_nothing_and_order_nothing_twice()
    {
        var sku = await Given.Stock(onHand: 20);
        await Policy(sku, automatic: true);
        await using var other = new EngineNode(Database.Cell);

        var sales = Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await Sell(sku)));
        var judges = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Often(10, () => Evaluate(sku))));
        var receipts = Task.Run(() => Often(10, () => Receive(other, sku)));
        await Task.WhenAll([.. sales, .. judges, receipts]);
        await Evaluate(sku);

        var reorders = await Reorders(sku);
        var position = (await Node.Policy.ExecuteAsync(sku, Given.MainWarehouse, default)).Position!;
        // From 20 a sale each, and an order of ten whenever it sinks to 5: it never goes above 15 again.
        Assert.That(position.Total, Is.InRange(6, 15));
        Assert.That(20 - 20 + reorders.Sum(r => r.Quantity), Is.EqualTo(position.Total));
    }

    private async Task Sell(string sku) => await Confirm((await Hold(sku)).ReservationId);

    private async Task Receive(EngineNode node, string sku)
    {
        foreach (var reorder in (await Reorders(sku)).Where(r => r.State == ReorderState.Approved))
        {
            await node.AdvanceReorder.ExecuteAsync(Step(reorder.ReorderId, ReorderStepKind.Receive, 1), default);
        }
    }

    private static async Task Often(int times, Func<Task> what)
    {
        for (var i = 0; i < times; i++)
        {
            await what();
        }
    }

    private async Task<List<ReorderOutcome>> Outcomes(Guid id, params ReorderStepKind[] kinds)
    {
        var outcomes = new List<ReorderOutcome>();
        foreach (var kind in kinds)
        {
            outcomes.Add((await Advance(id, kind)).Outcome);
        }

        return outcomes;
    }
}
