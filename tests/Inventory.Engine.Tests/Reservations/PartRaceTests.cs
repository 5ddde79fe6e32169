using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

[TestFixture]
public sealed class PartRaceTests : PartFixture
{
    [Test]
    public async Task Parts_of_one_hold_that_race_never_sell_more_than_it_holds()
    {
        await using var second = new EngineNode(Database.Cell);
        var sku = await Given.Stock(onHand: 30);
        var hold = await Hold(sku, 30);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(async i =>
                {
                    var request =
                        i % 2 == 0 ? Confirm(hold, (sku, 1)) with { KeepsRemainder = true } : Release(hold, (sku, 1));
                    return await (i % 3 == 0 ? second : Node).Part.ExecuteAsync(request, default);
                })
        );

        var shown = (await Node.Get.ExecuteAsync(hold.ReservationId, default)).Reservation!;
        var (sold, released, _) = Parts(shown).Single();
        Assert.That(answers.Count(a => a.Outcome == EndOutcome.Ended), Is.EqualTo(30));
        Assert.That(
            answers.Where(a => a.Outcome != EndOutcome.Ended).Select(a => a.Outcome),
            Is.All.EqualTo(EndOutcome.OtherState)
        );
        Assert.That(sold + released, Is.EqualTo(30));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((30 - sold, 0)));
    }

    [Test]
    public async Task A_part_and_an_expiry_and_a_cancel_that_race_move_each_piece_once()
    {
        var sku = await Given.Stock(onHand: 400);
        var holds = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Hold(sku, 4)));

        var lapses = Task.WhenAll(holds.Where((_, i) => i % 2 == 0).Select(h => Given.Lapsed(h.ReservationId)));
        var sweeps = SweepUntilAsync(lapses);
        var cancels = Task.WhenAll(holds.Where((_, i) => i % 3 == 0).Select(h => Cancel(h.ReservationId)));
        var parts = await Task.WhenAll(
            holds.Select(async h =>
                await Node.Part.ExecuteAsync(Confirm(h, (sku, 3)) with { KeepsRemainder = true }, default)
            )
        );
        await Task.WhenAll(cancels, sweeps);
        await Node.Expire.SweepAsync(default);

        var sold = parts.Count(a => a.Outcome == EndOutcome.Ended) * 3L;
        var shown = await Task.WhenAll(
            holds.Select(async h => (await Node.Get.ExecuteAsync(h.ReservationId, default)).Reservation!)
        );
        var held = shown.Where(r => r.State == ReservationState.Held).SelectMany(r => r.Allocations);
        Assert.That(shown.SelectMany(Parts).Sum(p => p.Confirmed), Is.EqualTo(sold));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(400 - sold));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(held.Sum(a => a.Quantity - a.Confirmed - a.Released)));
    }

    private async Task SweepUntilAsync(Task lapses)
    {
        do
        {
            await Node.Expire.SweepAsync(default);
        } while (!lapses.IsCompleted);
    }
}
