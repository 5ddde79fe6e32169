using Inventory.Engine.Counts;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Counts;

public sealed class CountRaceTests : CountFixture
{
    [Test]
    public async Task Counts_and_approvals_among_sales_from_eight_sessions_change_the_stock_by_what_they_found()
    {
        const int rounds = 40;
        var place = await Given.Warehouse();
        string[] skus =
        [
            await Given.Stock(onHand: 500, warehouse: place),
            await Given.Stock(onHand: 500, warehouse: place),
        ];
        await using var other = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, other];

        var sold = Task.WhenAll(Enumerable.Range(0, 6).Select(n => Task.Run(() => Sell(nodes[n % 2], skus, rounds))));
        var found = Task.WhenAll(
            Enumerable.Range(0, 2).Select(n => Task.Run(() => Count(nodes[n], place, skus, rounds / 4)))
        );

        // Each count finds one more than is expected of the first and one less of the second.
        var (units, counts) = ((await sold).Sum(), (await found).Sum());
        Assert.That(await Then.OnHand(skus[0]), Is.EqualTo(500 + counts - units / 2));
        Assert.That(await Then.OnHand(skus[1]), Is.EqualTo(500 - counts - units / 2));
        Assert.That(counts, Is.EqualTo(rounds / 4 * 2));
        await AddUp();
    }

    [Test]
    public async Task One_approval_from_twenty_callers_on_two_servers_has_one_effect()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 50, warehouse: place);
        var count = await Open(place);
        await Record(count, All(sku, 47));
        await using var other = new EngineNode(Database.Cell);
        EngineNode[] nodes = [Node, other];
        var request = Approval(count.CountId);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(n => nodes[n % 2].ApproveCount.ExecuteAsync(request, default))
        );

        Assert.That(answers.Count(a => a.Outcome == ApproveCountOutcome.Approved), Is.EqualTo(1));
        Assert.That(answers.Select(a => a.ApprovedLines), Is.All.EqualTo(1));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(47));
        await AddUp();
    }

    /// <returns>How many units left, as many of each SKU.</returns>
    private static async Task<long> Sell(EngineNode node, string[] skus, int rounds)
    {
        long sold = 0;
        for (var i = 0; i < rounds; i++)
        {
            var answer = await node.Reserve.ExecuteAsync(Testing.Some.Reserve(skus.Select(s => (s, 1L))), default);
            var id = answer.Reservation!.ReservationId;
            var ended = await node.End.ExecuteAsync(
                new(id, Engine.Reservations.ReservationState.Confirmed, new("t")),
                default
            );
            Assert.That(ended.Reservation!.State, Is.EqualTo(Engine.Reservations.ReservationState.Confirmed));
            sold += skus.Length;
        }

        return sold;
    }

    /// <returns>How many counts were approved.</returns>
    private static async Task<int> Count(EngineNode node, string place, string[] skus, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            var count = (await node.CreateCount.ExecuteAsync(Some(place), default)).Count!;
            // Who counts sees what is there at that moment: it is told by a recording, and recorded with a difference.
            CountedItem[] lines = [.. skus.Select(s => All(s, 0))];
            long[] offsets = [1, -1];
            RecordCountsAnswer recorded;
            do
            {
                var looked = await node.RecordCounts.ExecuteAsync(Found(count.CountId, lines), default);
                lines = [.. looked.Lines.Select((l, n) => All(l.Sku, l.Expected!.Value + offsets[n]))];
                recorded = await node.RecordCounts.ExecuteAsync(Found(count.CountId, lines), default);
            } while (recorded.Lines.Select(l => l.Difference!.Value).SequenceEqual(offsets) is false);
            var approved = await node.ApproveCount.ExecuteAsync(Approval(count.CountId), default);
            Assert.That(approved.ApprovedLines, Is.EqualTo(2));
        }

        return rounds;
    }
}
