using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

/// <summary>Parts among many callers: nothing is short while there is more, and nothing oversells.</summary>
[TestFixture]
public sealed class FillRaceTests : EngineFixture
{
    [Test]
    public async Task Nobody_is_short_while_due_holds_would_do_for_all()
    {
        await using var other = new EngineNode(Database.Cell);
        for (var turn = 0; turn < 5; turn++)
        {
            var (sku, warehouses) = await ThreeWarehousesAsync(40);
            var lapsed = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Hold(sku, 4)));
            await Task.WhenAll(lapsed.Select(hold => Given.Lapsed(hold.ReservationId)));

            var sweep = other.Expire.SweepAsync(CancellationToken.None);
            var answers = await FromNodesAsync([Node, other], 30, _ => Parts(sku, 4));
            await sweep;

            var shorts = answers.Select(a => a.Reservation!.Lines!.Sum(l => l.ShortQuantity));
            Assert.That(shorts, Is.All.Zero, "120 pieces, 30 callers, 4 each");
            Assert.That(await Then.Reserved(sku), Is.EqualTo(120));
            Assert.That(warehouses, Has.Length.EqualTo(3));
        }
    }

    [TestCase(ReserveSource.Priority)]
    [TestCase(ReserveSource.FewestSplits)]
    [TestCase(ReserveSource.HighestStock)]
    public async Task The_last_pieces_go_to_somebody_and_nothing_is_left(ReserveSource source)
    {
        await using var other = new EngineNode(Database.Cell);
        var (sku, _) = await ThreeWarehousesAsync(100);

        // 500 asked of 300, in parts of 7 and whole ones of 3: who is short or refused leaves nothing behind.
        var answers = await FromNodesAsync(
            [Node, other],
            100,
            i => i % 2 == 0 ? Parts(sku, 7) with { Source = source } : Some.Reserve(sku, 3)
        );

        var held = answers
            .Where(a => a.Reservation is not null)
            .Sum(a => a.Reservation!.Allocations.Sum(l => l.Quantity));
        var isShort = answers.Any(a => a.Reservation?.Lines?.Any(l => l.ShortQuantity > 0) ?? false);
        Assert.That(await Then.Reserved(sku), Is.EqualTo(held));
        Assert.That(await Then.Available(sku), Is.Zero);
        Assert.That(isShort || answers.Any(a => a.Outcome == ReserveOutcome.StockShort), Is.True);
    }

    [Test]
    public async Task Parts_end_although_stock_comes_and_goes_all_the_time()
    {
        await using var other = new EngineNode(Database.Cell);
        var (sku, _) = await ThreeWarehousesAsync(30);
        using var over = new CancellationTokenSource();
        var traffic = Enumerable
            .Range(0, 4)
            .Select(_ => Task.Run(() => ComeAndGoAsync(other, sku, over.Token)))
            .ToArray();

        var answers = await FromNodesAsync([Node], 20, _ => Parts(sku, 8));
        await over.CancelAsync();
        await Task.WhenAll(traffic);

        Assert.That(answers.Sum(a => a.Reservation?.Allocations.Sum(l => l.Quantity) ?? 0), Is.InRange(1, 90));
        Assert.That(
            answers.Select(a => a.Outcome),
            Is.All.EqualTo(ReserveOutcome.Held).Or.EqualTo(ReserveOutcome.StockShort)
        );
    }

    [Test]
    public async Task One_request_id_from_many_callers_is_one_part()
    {
        await using var other = new EngineNode(Database.Cell);
        var (sku, _) = await ThreeWarehousesAsync(2);
        var order = Parts(sku, 9);

        var answers = await FromNodesAsync([Node, other], 40, _ => order);

        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.Held), Is.EqualTo(1));
        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.Replayed), Is.EqualTo(39));
        Assert.That(answers.Select(a => a.Reservation!.Lines!.Single().ShortQuantity), Is.All.EqualTo(3));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(6));
    }

    [TearDown]
    public async Task Every_row_is_what_its_holds_and_its_journal_add_up_to() =>
        Assert.That(await Then.Violations(), Is.Empty);

    private static ReserveRequest Parts(string sku, long quantity) =>
        Some.Reserve(sku, quantity) with
        {
            Fill = ReserveFill.BestEffort,
        };

    private static async Task ComeAndGoAsync(EngineNode node, string sku, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var answer = await node.Reserve.ExecuteAsync(Some.Reserve(sku, 2), CancellationToken.None);
            if (answer.Reservation is { } held)
            {
                await node.End.ExecuteAsync(
                    new(held.ReservationId, ReservationState.Cancelled, Some.Caller),
                    CancellationToken.None
                );
            }
        }
    }

    private async Task<(string Sku, string[] Warehouses)> ThreeWarehousesAsync(long onHandEach)
    {
        var warehouses = await Task.WhenAll(Enumerable.Range(1, 3).Select(p => Given.Warehouse(priority: p)));
        var sku = Some.Sku();
        foreach (var warehouse in warehouses)
        {
            await Given.Stock(onHandEach, sku, warehouse);
        }

        return (sku, warehouses);
    }

    private static async Task<ReserveAnswer[]> FromNodesAsync(
        EngineNode[] nodes,
        int asks,
        Func<int, ReserveRequest> ask
    ) =>
        await Task.WhenAll(
            Enumerable
                .Range(0, asks)
                .Select(i => nodes[i % nodes.Length].Reserve.ExecuteAsync(ask(i), CancellationToken.None).AsTask())
        );
}
