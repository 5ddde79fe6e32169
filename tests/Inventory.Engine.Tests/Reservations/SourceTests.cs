using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

/// <summary>From which warehouses lines that name none are filled.</summary>
[TestFixture]
public sealed class SourceTests : EngineFixture
{
    [Test]
    public async Task The_fewest_splits_pass_over_a_warehouse_that_has_too_little()
    {
        var (first, second, third) = await WarehousesAsync();
        var sku = await StockAsync((first, 2), (second, 3), (third, 6));

        var whole = await Reserve(Some.Reserve(sku, 5) with { Source = ReserveSource.FewestSplits });
        var split = await Reserve(Some.Reserve(sku, 4) with { Source = ReserveSource.FewestSplits });

        Assert.That(whole.Reservation!.Allocations, Is.EqualTo([new Allocation(sku, third, 5)]));
        Assert.That(
            split.Reservation!.Allocations,
            Is.EquivalentTo([new Allocation(sku, first, 2), new Allocation(sku, second, 2)])
        );
    }

    [Test]
    public async Task The_highest_stock_is_drawn_on_first()
    {
        var (first, second, third) = await WarehousesAsync();
        var sku = await StockAsync((first, 5), (second, 9), (third, 7));

        var one = await Reserve(Some.Reserve(sku, 3) with { Source = ReserveSource.HighestStock });
        var two = await Reserve(Some.Reserve(sku, 8) with { Source = ReserveSource.HighestStock });

        Assert.That(one.Reservation!.Allocations, Is.EqualTo([new Allocation(sku, second, 3)]));
        Assert.That(
            two.Reservation!.Allocations,
            Is.EquivalentTo([new Allocation(sku, third, 7), new Allocation(sku, second, 1)])
        );
    }

    [Test]
    public async Task No_source_draws_on_an_inactive_warehouse()
    {
        var (closed, open) = (await Given.Warehouse(priority: 1, active: false), await Given.Warehouse(priority: 2));
        var sku = await StockAsync((closed, 90), (open, 5));

        foreach (var source in Enum.GetValues<ReserveSource>())
        {
            var answer = await Reserve(Some.Reserve(sku, 1) with { Source = source });
            Assert.That(answer.Reservation!.Allocations, Is.EqualTo([new Allocation(sku, open, 1)]), $"{source}");
        }
    }

    [Test]
    public async Task The_highest_stock_of_a_replay_and_of_a_refusal_is_judged_as_any()
    {
        var (first, second, _) = await WarehousesAsync();
        var sku = await StockAsync((first, 5), (second, 9));
        var order = Some.Reserve(sku, 3) with { Source = ReserveSource.HighestStock };

        var held = await Reserve(order);
        var again = await Reserve(order);
        var refused = await Reserve(Some.Reserve(sku, 12) with { Source = ReserveSource.HighestStock });
        var unknown = await Reserve(Some.Reserve("no-such-sku") with { Source = ReserveSource.HighestStock });

        Assert.That(again.Reservation!.Allocations, Is.EqualTo(held.Reservation!.Allocations));
        Assert.That(again.Outcome, Is.EqualTo(ReserveOutcome.Replayed));
        Assert.That(refused.Outcome, Is.EqualTo(ReserveOutcome.StockShort));
        Assert.That(refused.Refusals.Single().Available, Is.EqualTo(11));
        Assert.That(unknown.Outcome, Is.EqualTo(ReserveOutcome.SkuUnknown));
    }

    [TestCase(ReserveSource.FewestSplits)]
    [TestCase(ReserveSource.HighestStock)]
    public async Task Many_callers_empty_every_warehouse_by_any_source_and_no_more(ReserveSource source)
    {
        var (first, second, third) = await WarehousesAsync();
        var sku = await StockAsync((first, 70), (second, 70), (third, 71));
        await using var other = new EngineNode(Database.Cell);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 300)
                .Select(i =>
                    (i % 2 == 0 ? Node : other)
                        .Reserve.ExecuteAsync(Some.Reserve(sku, 3) with { Source = source }, CancellationToken.None)
                        .AsTask()
                )
        );

        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.Held), Is.EqualTo(70));
        Assert.That(answers.Count(a => a.Outcome == ReserveOutcome.StockShort), Is.EqualTo(230));
        Assert.That(await Then.Available(sku), Is.EqualTo(1));
    }

    [TearDown]
    public async Task Every_row_is_what_its_holds_and_its_journal_add_up_to() =>
        Assert.That(await Then.Violations(), Is.Empty);

    private async Task<(string First, string Second, string Third)> WarehousesAsync() =>
        (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2), await Given.Warehouse(priority: 3));

    private async Task<string> StockAsync(params (string Warehouse, long OnHand)[] rows)
    {
        var sku = Some.Sku();
        foreach (var (warehouse, onHand) in rows)
        {
            await Given.Stock(onHand, sku, warehouse);
        }

        return sku;
    }
}
