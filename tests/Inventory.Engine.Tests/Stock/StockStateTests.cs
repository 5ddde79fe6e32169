using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Stock;

[Parallelizable(ParallelScope.Self)]
public sealed class StockStateTests : EngineFixture
{
    [TestCase(StockState.Available, StockState.Damaged, 6, 5, 3)]
    [TestCase(StockState.Available, StockState.QualityControl, 6, 3, 5)]
    [TestCase(StockState.Damaged, StockState.Available, 10, 1, 3)]
    [TestCase(StockState.QualityControl, StockState.Available, 10, 3, 1)]
    [TestCase(StockState.QualityControl, StockState.Damaged, 8, 5, 1)]
    [TestCase(StockState.Damaged, StockState.QualityControl, 8, 1, 5)]
    public async Task A_move_changes_two_states_and_leaves_what_is_on_hand(
        StockState from,
        StockState to,
        long available,
        long damaged,
        long qualityControl
    )
    {
        var sku = await Given.Stock(onHand: 14, damaged: 3, qualityControl: 3);

        var answer = await Edit(Some.Move(sku, from, to, 2));

        Assert.That(answer.Outcome, Is.EqualTo(EditOutcome.Edited));
        Assert.That(answer.Stock, Is.EqualTo(await Node.Stock.ExecuteAsync(StockTarget.At(sku, "MAIN"), default)));
        Assert.That(
            (answer.Stock!.OnHand, answer.Stock.Available, answer.Stock.Damaged, answer.Stock.QualityControl),
            Is.EqualTo((14, available, damaged, qualityControl))
        );
        Assert.That((answer.Stock.Revision, answer.Stock.Version), Is.EqualTo((2, 2)));
        Assert.That((await JournalEntry.OfAsync(Database, sku))[^1].Kind, Is.EqualTo(JournalKind.StateMoved));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task What_is_reserved_is_not_moved_and_no_more_than_there_is_in_a_state()
    {
        var sku = await Given.Stock(onHand: 10, damaged: 1, qualityControl: 2);
        await Hold(sku, quantity: 5);

        EditAnswer[] refused =
        [
            await Edit(Some.Move(sku, StockState.Available, StockState.Damaged, 3)),
            await Edit(Some.Move(sku, StockState.Damaged, StockState.Available, 2)),
            await Edit(Some.Move(sku, StockState.QualityControl, StockState.Damaged, 3)),
        ];
        var fits = await Edit(Some.Move(sku, StockState.Available, StockState.Damaged, 2));

        Assert.That(refused.Select(a => a.Outcome), Is.All.EqualTo(EditOutcome.StockShort));
        Assert.That(refused.Select(a => (a.Stock!.Reserved, a.Stock.Damaged)), Is.All.EqualTo((5, 1)));
        Assert.That((fits.Outcome, fits.Stock!.Available), Is.EqualTo((EditOutcome.Edited, 0)));
    }

    [Test]
    public async Task Goods_arrive_and_leave_in_a_state()
    {
        var sku = await Given.Stock(onHand: 5, damaged: 1);
        await Hold(sku, quantity: 4);

        var arrived = await Edit(Some.Add(sku, 3) with { State = StockState.QualityControl });
        var writtenOff = await Edit(Some.Remove(sku, 1) with { State = StockState.Damaged });
        var found = await Edit(Some.Adjust(sku, 2) with { State = StockState.Damaged });
        var tooMany = await Edit(Some.Adjust(sku, -3) with { State = StockState.Damaged });

        Assert.That((arrived.Stock!.OnHand, arrived.Stock.QualityControl), Is.EqualTo((8, 3)));
        Assert.That((writtenOff.Stock!.OnHand, writtenOff.Stock.Damaged), Is.EqualTo((7, 0)));
        Assert.That((found.Stock!.OnHand, found.Stock.Damaged, found.Stock.Available), Is.EqualTo((9, 2, 0)));
        Assert.That((tooMany.Outcome, tooMany.Stock), Is.EqualTo((EditOutcome.StockShort, found.Stock)));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [Test]
    public async Task A_replay_of_a_move_learns_its_answer_and_another_state_is_other_content()
    {
        var sku = await Given.Stock(onHand: 5);
        var move = Some.Move(sku, StockState.Available, StockState.Damaged, 2);
        var first = await Edit(move);
        await Edit(Some.Move(sku, StockState.Damaged, StockState.Available, 2));

        var again = await Edit(move);
        var other = await Edit(move with { To = StockState.QualityControl });
        var elsewhere = await Edit(move with { State = StockState.QualityControl });

        Assert.That(again, Is.EqualTo(first with { Outcome = EditOutcome.Replayed }));
        Assert.That(new[] { other.Outcome, elsewhere.Outcome }, Is.All.EqualTo(EditOutcome.RequestIdReused));
    }

    [Test]
    public async Task A_move_made_from_an_old_revision_is_told_the_current_one_and_one_of_nothing_begins_no_row()
    {
        var sku = await Given.Stock(onHand: 5);
        await Edit(Some.Add(sku));
        var elsewhere = await Given.Warehouse();

        var stale = await Edit(Some.Move(sku, StockState.Available, StockState.Damaged) with { ExpectedRevision = 1 });
        var nothing = await Edit(Some.Move(sku, StockState.Damaged, StockState.Available, warehouse: elsewhere));

        Assert.That((stale.Outcome, stale.Stock!.Revision), Is.EqualTo((EditOutcome.VersionConflict, 2)));
        Assert.That(nothing, Is.EqualTo(new EditAnswer(EditOutcome.StockUnknown, null)));
    }

    [Test]
    public async Task A_product_of_one_variant_is_edited_by_its_own_id_and_one_of_several_is_not()
    {
        var (single, several) = ($"P-{Some.Sku()}", $"P-{Some.Sku()}");
        var sku = await Given.Stock(onHand: 5);
        await Given.Warehouse();
        await Belongs(single, sku);
        await Belongs(several, await Given.Stock(onHand: 1), await Given.Stock(onHand: 1));

        var byProduct = await Edit(Some.Add(sku) with { Target = StockTarget.OfProduct(single, "MAIN") });
        var bySku = await Edit(Some.Add(sku) with { Target = StockTarget.OfProduct(sku, "MAIN") });
        var ambiguous = await Edit(Some.Add(sku) with { Target = StockTarget.OfProduct(several, "MAIN") });
        var unknown = await Edit(Some.Add(sku) with { Target = StockTarget.OfProduct("P-nothing", "MAIN") });

        Assert.That((byProduct.Stock!.OnHand, bySku.Stock!.OnHand), Is.EqualTo((6, 7)));
        Assert.That(
            (ambiguous.Outcome, unknown.Outcome),
            Is.EqualTo((EditOutcome.SeveralVariants, EditOutcome.SkuUnknown))
        );
    }

    private async Task Belongs(string productId, params string[] skus)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "UPDATE item SET product_id = @ProductId, variant_id = sku WHERE sku = ANY (@Skus)",
            new { ProductId = productId, Skus = skus }
        );
    }
}
