using Inventory.Engine.Stock;
using Inventory.Engine.Stock.Bulk;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Stock.Bulk;

[Parallelizable(ParallelScope.Self)]
public sealed class BulkReplayTests : BulkFixture
{
    [Test]
    public async Task A_replay_learns_the_first_answer_whatever_has_happened_since()
    {
        var (sku, fresh) = (await Given.Stock(onHand: 5, safetyStock: 1), await Given.Item());
        var call = Some.Bulk();
        BulkRow[] rows = [Some.Row(EditKind.Add, sku, 3), Some.Row(EditKind.Set, fresh, 4)];
        var first = await Apply(call, rows);
        await Hold(sku, quantity: 7);
        await Edit(Some.Set(fresh, 0));

        var again = await Apply(call, rows);

        Assert.That(
            again.Results.Select(r => (r.Outcome, r.Stock)),
            Is.EqualTo(first.Results.Select(r => (r.Outcome, r.Stock)))
        );
        Assert.That((again.Replayed, again.Outcome, again.AppliedCount), Is.EqualTo((true, BulkOutcome.Applied, 2)));
        Assert.That((await Then.OnHand(sku), await Then.OnHand(fresh)), Is.EqualTo((8, 0)));
    }

    [Test]
    public async Task A_refusal_in_a_call_that_continued_is_part_of_its_answer()
    {
        var (sku, later, ended) = (await Given.Stock(onHand: 5), Some.Sku(), await Given.Stock(1, discontinued: true));
        var call = Some.Bulk(BulkOnError.Continue);
        BulkRow[] rows =
        [
            Some.Row(EditKind.Remove, sku, 6),
            Some.Row(EditKind.Add, later, 1),
            Some.Row(EditKind.Add, sku, 1) with
            {
                Target = StockTarget.Row(long.MaxValue),
            },
            Some.Row(EditKind.Add, sku, 1),
            Some.Row(EditKind.Add, ended, 1),
        ];
        var first = await Apply(call, rows);
        await Edit(Some.Add(sku, 100));
        await Given.Stock(onHand: 5, sku: later);

        var again = await Apply(call, rows);

        Assert.That(
            Outcomes(again),
            Is.EqualTo(
                new[]
                {
                    EditOutcome.StockShort,
                    EditOutcome.SkuUnknown,
                    EditOutcome.StockUnknown,
                    EditOutcome.Edited,
                    EditOutcome.ItemDiscontinued,
                }
            )
        );
        Assert.That(again.Results.Select(r => r.Stock), Is.EqualTo(first.Results.Select(r => r.Stock)));
        Assert.That((again.Results[1].Target, again.Results[2].Target), Is.EqualTo((rows[1].Target, rows[2].Target)));
        Assert.That((again.Replayed, await Then.OnHand(sku)), Is.EqualTo((true, 106)));
    }

    [Test]
    public async Task An_aborted_call_is_judged_anew()
    {
        var sku = await Given.Stock(onHand: 5);
        var call = Some.Bulk();
        BulkRow[] rows = [Some.Row(EditKind.Remove, sku, 6)];
        await Apply(call, rows);
        await Edit(Some.Add(sku, 100));

        var again = await Apply(call, rows);

        Assert.That((again.Outcome, again.Replayed), Is.EqualTo((BulkOutcome.Applied, false)));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(99));
    }

    [Test]
    public async Task A_request_id_serves_one_content_only()
    {
        var (sku, other) = (await Given.Stock(onHand: 5), await Given.Stock(onHand: 5));
        var call = Some.Bulk();
        var row = Some.Row(EditKind.Add, sku, 1) with { ExpectedRevision = 1, Note = "n" };
        await Apply(call, row);

        BulkAnswer[] answers =
        [
            await Apply(call, row with { Quantity = 2 }),
            await Apply(call, row with { Kind = EditKind.Set }),
            await Apply(call, row with { Target = StockTarget.At(other, Given.MainWarehouse) }),
            await Apply(call, row with { ExpectedRevision = null }),
            await Apply(call, row with { Reason = "another" }),
            await Apply(call, row with { Note = null }),
            await Apply(call, row, row),
            await Apply(call with { OnError = BulkOnError.Continue }, row),
            await Apply(call with { OnError = BulkOnError.Continue }, row, BulkRow.Wrong("?")),
            await Apply(call with { EveryRow = false }, row),
        ];
        var single = await Edit(Some.Add(sku) with { RequestId = call.RequestId });

        Assert.That(answers.Select(a => a.Outcome), Is.All.EqualTo(BulkOutcome.RequestIdReused));
        Assert.That(single.Outcome, Is.EqualTo(EditOutcome.RequestIdReused));
        Assert.That(await Then.OnHand(sku) + await Then.OnHand(other), Is.EqualTo(11));
    }

    [Test]
    public async Task The_id_of_a_single_edit_is_no_id_of_a_bulk()
    {
        var sku = await Given.Stock(onHand: 5);
        var call = Some.Bulk();
        await Edit(Some.Add(sku) with { RequestId = call.RequestId });

        var answer = await Apply(call, Some.Row(EditKind.Add, sku, 1));

        Assert.That(answer.Outcome, Is.EqualTo(BulkOutcome.RequestIdReused));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(6));
    }

    [Test]
    public async Task An_answer_that_lists_the_refused_is_found_again_with_its_counts()
    {
        var sku = await Given.Stock(onHand: 5);
        var call = Some.Bulk(BulkOnError.Continue) with { EveryRow = false };
        BulkRow[] rows =
        [
            Some.Row(EditKind.Add, sku, 1),
            Some.Row(EditKind.Remove, sku, 60),
            BulkRow.Wrong("?"),
            Some.Row(EditKind.Add, sku, 1),
        ];
        await Apply(call, rows);

        var again = await Apply(call, rows);

        Assert.That((again.Replayed, again.AppliedCount, again.RefusedCount), Is.EqualTo((true, 2, 1)));
        Assert.That(again.Results.Single().Index, Is.EqualTo(1));
        Assert.That(again.Results.Single().Target, Is.EqualTo(StockTarget.Row(again.Results.Single().Stock!.StockId)));
    }
}
