using Inventory.Engine.Reservations;
using Inventory.Engine.Returns;
using Inventory.Engine.Tests.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Returns;

[TestFixture]
public sealed class ReturnInventoryTests : PartFixture
{
    [TestCase(ReturnCondition.Available, 0, 0)]
    [TestCase(ReturnCondition.Damaged, 2, 0)]
    [TestCase(ReturnCondition.QualityControl, 0, 2)]
    public async Task Goods_come_back_as_what_they_are(ReturnCondition condition, long damaged, long qualityControl)
    {
        var sku = await Given.Stock(onHand: 5);
        var sold = await Sold(sku, 3);

        var answer = await Return(sold, new ReturnLine(sku, null, 2, condition));

        Assert.That(answer.Outcome, Is.EqualTo(ReturnOutcome.Returned));
        var stock = answer.Stock.Single();
        Assert.That((stock.OnHand, stock.Damaged, stock.QualityControl), Is.EqualTo((4, damaged, qualityControl)));
        Assert.That(Parts(answer.Reservation!), Is.EqualTo(new[] { (3L, 0L, 2L) }));
        Assert.That(await Then.Available(sku), Is.EqualTo(4 - damaged - qualityControl));
    }

    [Test]
    public async Task Never_more_comes_back_than_was_sold_less_what_came_back_before()
    {
        var sku = await Given.Stock(onHand: 5);
        var sold = await Sold(sku, 3);
        await Return(sold, new ReturnLine(sku, null, 2, ReturnCondition.Available));

        var more = await Return(sold, new ReturnLine(sku, null, 2, ReturnCondition.Available));
        var last = await Return(sold, new ReturnLine(sku, null, 1, ReturnCondition.Available));

        Assert.That(more.Outcome, Is.EqualTo(ReturnOutcome.MoreThanSold));
        Assert.That(more.Refusals, Is.EqualTo(new[] { new PartRefusal(sku, null, 2, 1) }));
        Assert.That(last.Outcome, Is.EqualTo(ReturnOutcome.Returned));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(5));
    }

    [Test]
    public async Task Returns_that_race_bring_back_no_more_than_was_sold()
    {
        await using var second = new EngineNode(Database.Cell);
        var sku = await Given.Stock(onHand: 10);
        var sold = await Sold(sku, 10);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async i =>
                    await (i % 2 == 0 ? Node : second).Return.ExecuteAsync(
                        Request(sold, new ReturnLine(sku, null, 1, ReturnCondition.Available)),
                        default
                    )
                )
        );

        Assert.That(answers.Count(a => a.Outcome == ReturnOutcome.Returned), Is.EqualTo(10));
        Assert.That(answers.Count(a => a.Outcome == ReturnOutcome.MoreThanSold), Is.EqualTo(10));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(10));
    }

    [Test]
    public async Task The_same_request_has_one_effect_and_learns_its_answer_again()
    {
        var sku = await Given.Stock(onHand: 5);
        var request = Request(await Sold(sku, 3), new ReturnLine(sku, null, 1, ReturnCondition.Damaged));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Node.Return.ExecuteAsync(request, default).AsTask())
        );
        var other = await Node.Return.ExecuteAsync(request with { Reason = "other" }, default);

        Assert.That(answers.Count(a => a.Outcome == ReturnOutcome.Returned), Is.EqualTo(1));
        Assert.That(answers.Select(a => a.Stock.Single()).Distinct().Count(), Is.EqualTo(1));
        Assert.That(other.Outcome, Is.EqualTo(ReturnOutcome.RequestIdReused));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(3));
    }

    [Test]
    public async Task Goods_come_back_to_another_warehouse_that_never_had_them()
    {
        var (sku, elsewhere) = (await Given.Stock(onHand: 5), await Given.Warehouse());
        var sold = await Sold(sku, 3);

        var answer = await Return(sold, new ReturnLine(sku, elsewhere, 2, ReturnCondition.Available));

        Assert.That((answer.Outcome, answer.Stock.Single().Warehouse), Is.EqualTo((ReturnOutcome.Returned, elsewhere)));
        Assert.That(
            (await Then.OnHand(sku, Given.MainWarehouse), await Then.OnHand(sku, elsewhere)),
            Is.EqualTo((2, 2))
        );
    }

    [Test]
    public async Task A_return_is_counted_first_against_the_warehouse_that_it_goes_to()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Given.Stock(onHand: 2, warehouse: near);
        await Given.Stock(onHand: 2, sku: sku, warehouse: far);
        var sold = await Sold(sku, 4);

        var answer = await Return(sold, new ReturnLine(sku, far, 3, ReturnCondition.Available));

        Assert.That(
            answer.Reservation!.Allocations.Select(a => (a.Warehouse, a.Returned)),
            Is.EquivalentTo(new[] { (near, 1L), (far, 2L) })
        );
        Assert.That((await Then.OnHand(sku, near), await Then.OnHand(sku, far)), Is.EqualTo((0, 3)));
    }

    [Test]
    public async Task What_was_sold_in_part_comes_back_though_the_rest_was_cancelled_and_fulfilled_goods_do_too()
    {
        var sku = await Given.Stock(onHand: 9);
        var (part, whole) = (await Hold(sku, 3), await Sold(sku, 2));
        await Node.Part.ExecuteAsync(Confirm(part, (sku, 1)) with { KeepsRemainder = true }, default);
        await Cancel(part.ReservationId);
        await Node.Fulfill.ExecuteAsync(new(whole.ReservationId, null, null, Some.Caller), default);

        var first = await Return(part, new ReturnLine(sku, null, 1, ReturnCondition.Available));
        var second = await Return(whole, new ReturnLine(sku, null, 2, ReturnCondition.Available));

        Assert.That((first.Outcome, second.Outcome), Is.EqualTo((ReturnOutcome.Returned, ReturnOutcome.Returned)));
        Assert.That(second.Reservation!.State, Is.EqualTo(ReservationState.Fulfilled));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(9));
    }

    [Test]
    public async Task What_was_not_sold_does_not_come_back()
    {
        var (sku, other) = (await Given.Stock(onHand: 5), await Given.Stock(onHand: 5));
        var (held, sold) = (await Hold(sku), await Sold(sku, 1));

        var early = await Return(held, new ReturnLine(sku, null, 1, ReturnCondition.Available));
        var strange = await Return(sold, new ReturnLine(other, null, 1, ReturnCondition.Available));
        var nowhere = await Return(sold, new ReturnLine(sku, "nowhere", 1, ReturnCondition.Available));
        var unknown = await Node.Return.ExecuteAsync(
            Request(sold, new ReturnLine(sku, null, 1, ReturnCondition.Available)) with
            {
                ReservationId = Guid.NewGuid(),
            },
            default
        );

        Assert.That(early.Outcome, Is.EqualTo(ReturnOutcome.NothingSold));
        Assert.That(strange.Outcome, Is.EqualTo(ReturnOutcome.MoreThanSold));
        Assert.That(nowhere.Outcome, Is.EqualTo(ReturnOutcome.WarehouseUnknown));
        Assert.That(unknown.Outcome, Is.EqualTo(ReturnOutcome.ReservationUnknown));
    }

    [Test]
    public async Task An_inactive_warehouse_takes_nothing_back_and_a_discontinued_item_comes_back()
    {
        var (warehouse, shut) = (await Given.Warehouse(), await Given.Warehouse(active: false));
        var sku = await Given.Stock(onHand: 5, warehouse: warehouse);
        var sold = await Sold(sku, 2);
        await Scalar(
            """
            UPDATE stock SET discontinued = true WHERE item_id = (SELECT item_id FROM item WHERE sku = @Sku)
            """,
            new { Sku = sku }
        );

        var refused = await Return(sold, new ReturnLine(sku, shut, 1, ReturnCondition.Available));
        var taken = await Return(sold, new ReturnLine(sku, null, 1, ReturnCondition.Available));

        Assert.That(refused.Outcome, Is.EqualTo(ReturnOutcome.WarehouseInactive));
        Assert.That(refused.Refusals.Single().Warehouse, Is.EqualTo(shut));
        Assert.That(taken.Outcome, Is.EqualTo(ReturnOutcome.Returned));
    }

    private async Task<Reservation> Sold(string sku, long quantity)
    {
        var hold = await Hold(sku, quantity);
        await Confirm(hold.ReservationId);
        return hold;
    }

    private async Task<ReturnAnswer> Return(Reservation sold, params ReturnLine[] lines) =>
        await Node.Return.ExecuteAsync(Request(sold, lines), default);

    private static ReturnRequest Request(Reservation sold, params ReturnLine[] lines) =>
        new()
        {
            Caller = Some.Caller,
            RequestId = Some.RequestId(),
            ReservationId = sold.ReservationId,
            Lines = lines,
            Reason = "wrong size",
        };
}
