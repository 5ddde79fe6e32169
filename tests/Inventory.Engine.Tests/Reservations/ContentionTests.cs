using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

/// <summary>Many at once: nothing oversells, nothing is refused falsely, nothing is left undecided.</summary>
[TestFixture]
public sealed class ContentionTests : EngineFixture
{
    [Test]
    public async Task Of_five_thousand_asks_for_a_thousand_pieces_exactly_a_thousand_are_granted()
    {
        var sku = await Given.Stock(onHand: 1_000);

        var answers = await FromCallers(64, 5_000, _ => Some.Reserve(sku));

        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.Held), Is.EqualTo(1_000));
        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.StockShort), Is.EqualTo(4_000));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(1_000));
        Assert.That(await Then.Reservations(sku), Is.EqualTo(1_000));
    }

    [Test]
    public async Task Two_two_and_one_of_three_leaves_none_undecided_and_nothing_on_the_shelf()
    {
        var sku = await Given.Stock(onHand: 3);

        var answers = await Together(Some.Reserve(sku, 2), Some.Reserve(sku, 2), Some.Reserve(sku, 1));

        Assert.That(
            answers.Select(a => a.Outcome),
            Is.EquivalentTo([ReserveOutcome.Held, ReserveOutcome.StockShort, ReserveOutcome.Held])
        );
        Assert.That(await Then.Available(sku), Is.Zero);
    }

    [Test]
    public async Task Large_asks_between_small_ones_do_not_hold_them_up()
    {
        var sku = await Given.Stock(onHand: 1_000);
        var asks = Enumerable
            .Range(0, 100)
            .SelectMany(i => new[] { Some.Reserve(sku, 1), Some.Reserve(sku, 1_000 - i) });
        using var rounds = new RoundCounter("reservations.reserve");

        var answers = await Together([.. asks]);

        Assert.That(answers.Select(a => a.Outcome), Has.None.EqualTo(ReserveOutcome.Overloaded));
        var held = answers
            .Where(a => a.Outcome == ReserveOutcome.Held)
            .Sum(a => a.Reservation!.Allocations.Sum(l => l.Quantity));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(held));
        Assert.That(rounds.Count, Is.LessThan(60), "rounds for 200 requests");
    }

    [Test]
    public async Task Opposed_orders_of_many_lines_all_end_without_a_deadlock()
    {
        var skus = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Given.Stock(onHand: 100)));

        var answers = await FromCallers(
            64,
            1_000,
            _ => Some.Reserve(Random.Shared.GetItems(skus, 4).Select(sku => (sku, (long)Random.Shared.Next(1, 4))))
        );

        var held = answers
            .Where(a => a.Outcome == ReserveOutcome.Held)
            .SelectMany(a => a.Reservation!.Allocations)
            .ToLookup(l => l.Sku);
        foreach (var sku in skus)
        {
            Assert.That(await Then.Reserved(sku), Is.EqualTo(held[sku].Sum(l => l.Quantity)));
        }
    }

    [Test]
    public async Task One_request_id_from_fifty_callers_on_two_servers_is_one_effect_at_the_last_piece()
    {
        await using var second = new EngineNode(Database.Cell);
        for (var turn = 0; turn < 10; turn++)
        {
            var sku = await Given.Stock(onHand: 1);
            var order = Some.Reserve(sku);

            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 50)
                    .Select(i =>
                        (i % 2 == 0 ? Node : second).Reserve.ExecuteAsync(order, CancellationToken.None).AsTask()
                    )
            );

            Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.Held), Is.EqualTo(1));
            Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.Replayed), Is.EqualTo(49));
            Assert.That(answers.Select(a => a.Reservation!.ReservationId).Distinct().Count(), Is.EqualTo(1));
            Assert.That(await Then.Reserved(sku), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task One_request_id_with_two_contents_at_once_grants_one_of_them()
    {
        var sku = await Given.Stock(onHand: 10);
        var order = Some.Reserve(sku);
        var other = order with { Lines = [new(sku, null, 2)] };

        var answers = await Together([.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? order : other)]);

        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.Held), Is.EqualTo(1));
        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.Replayed), Is.EqualTo(19));
        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.RequestIdReused), Is.EqualTo(20));
    }

    [Test]
    public async Task Two_servers_grant_no_more_than_there_is()
    {
        await using var second = new EngineNode(Database.Cell);
        var sku = await Given.Stock(onHand: 500);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 2_000)
                .Select(i =>
                    (i % 2 == 0 ? Node : second)
                        .Reserve.ExecuteAsync(Some.Reserve(sku), CancellationToken.None)
                        .AsTask()
                )
        );

        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.Held), Is.EqualTo(500));
        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.StockShort), Is.EqualTo(1_500));
        Assert.That(await Then.Available(sku), Is.Zero);
    }

    [Test]
    public async Task Split_lines_of_many_callers_empty_every_warehouse_and_no_more()
    {
        var warehouses = await Task.WhenAll(Enumerable.Range(1, 3).Select(p => Given.Warehouse(priority: p)));
        var sku = Some.Sku();
        foreach (var warehouse in warehouses)
        {
            await Given.Stock(onHand: 100, sku: sku, warehouse: warehouse);
        }

        var answers = await FromCallers(32, 300, _ => Some.Reserve(sku, quantity: 2));

        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.Held), Is.EqualTo(150));
        Assert.That(await Then.Available(sku), Is.Zero);
    }

    [TearDown]
    public async Task Every_row_is_what_its_holds_and_its_journal_add_up_to() =>
        Assert.That(await Then.Violations(), Is.Empty);

    private async Task<ReserveAnswer[]> Together(params ReserveRequest[] requests) =>
        await Task.WhenAll(requests.Select(Reserve));

    private async Task<ReserveAnswer[]> FromCallers(int callers, int asks, Func<int, ReserveRequest> ask)
    {
        var answers = new ReserveAnswer[asks];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(CallAsync)));
        return answers;

        async Task CallAsync()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < asks; )
            {
                answers[i] = await Reserve(ask(i));
            }
        }
    }
}
