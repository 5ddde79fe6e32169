using Inventory.Engine.Counts;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Counts;

public sealed class CountListTests : CountFixture
{
    [Test]
    public async Task Differences_are_listed_with_the_value_at_stake_page_by_page()
    {
        var place = await Given.Warehouse();
        var (dear, cheap, right, free) = (
            await Given.Stock(onHand: 10, warehouse: place),
            await Given.Stock(onHand: 10, warehouse: place),
            await Given.Stock(onHand: 10, warehouse: place),
            await Given.Stock(onHand: 10, warehouse: place)
        );
        await Cost(dear, "99.9999", "EUR");
        await Cost(cheap, "0.10", "USD");
        await Cost(right, "5", "EUR");
        var count = await Open(place);
        await Record(count, All(dear, 7), All(right, 10));
        await Record(count, All(cheap, 13));
        await Record(count, All(free, 9));
        await Approve(count, dear);

        var found = new List<Discrepancy>();
        var pages = 0;
        for (string? token = null; pages == 0 || token is not null; pages++)
        {
            var filter = new DiscrepancyFilter { Warehouse = place };
            var page = await Node.Discrepancies.ExecuteAsync(filter, 1, token, default);
            found.AddRange(page.Discrepancies);
            token = page.NextPageToken;
        }

        var open = await Node.Discrepancies.ExecuteAsync(
            new() { CountId = count.CountId, Approved = false },
            9,
            null,
            default
        );
        var bySku = await Node.Discrepancies.ExecuteAsync(new() { Sku = dear }, 9, null, default);
        var sheet = await Sheet(count);

        Assert.That(pages, Is.EqualTo(3));
        Assert.That(
            found.Select(d => (d.Line.Sku, d.Line.Difference, d.Line.Value, d.Line.Currency)),
            Is.EqualTo(
                new[]
                {
                    (free, (long?)-1, (string?)null, (string?)null),
                    (cheap, (long?)3, "0.3", "USD"),
                    (dear, (long?)-3, "299.9997", "EUR"),
                }
            )
        );
        Assert.That(open.Discrepancies.Select(d => d.Line.Sku), Is.EqualTo(new[] { free, cheap }));
        Assert.That(bySku.Discrepancies.Single().Line.ApprovedBy, Is.EqualTo("boss"));
        Assert.That(
            sheet.Stakes,
            Is.EqualTo(new[] { new StakeValue("299.9997", "EUR"), new StakeValue("0.3", "USD") })
        );
    }

    [Test]
    public async Task Counts_are_listed_by_warehouse_and_state_the_newest_first()
    {
        var place = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 5, warehouse: place);
        var (first, second, third) = (await Open(place, sku), await Open(place), await Open(place));
        await Record(second, All(sku, 5));
        await Approve(second);

        var page = await Node.Counts.ExecuteAsync(new() { Warehouse = place }, 2, null, default);
        var next = await Node.Counts.ExecuteAsync(new() { Warehouse = place }, 2, page.NextPageToken, default);
        var open = await Node.Counts.ExecuteAsync(
            new() { State = CountState.Approved, Warehouse = place },
            9,
            null,
            default
        );
        var wrong = await Node.Counts.ExecuteAsync(new() { State = CountState.Open }, 2, page.NextPageToken, default);
        var nowhere = await Node.Counts.ExecuteAsync(new() { Warehouse = "nowhere" }, 2, null, default);

        Assert.That(page.Counts.Select(c => c.CountId), Is.EqualTo(new[] { third.CountId, second.CountId }));
        Assert.That((next.Counts.Single().CountId, next.NextPageToken), Is.EqualTo((first.CountId, null as string)));
        Assert.That(open.Counts.Single().CountId, Is.EqualTo(second.CountId));
        Assert.That(wrong.Outcome, Is.EqualTo(ListCountsOutcome.PageTokenInvalid));
        Assert.That(nowhere.Outcome, Is.EqualTo(ListCountsOutcome.WarehouseUnknown));
    }

    [Test]
    public async Task The_lines_of_a_count_are_read_page_by_page()
    {
        var place = await Given.Warehouse();
        foreach (var _ in Enumerable.Range(0, 5))
        {
            await Given.Stock(onHand: 5, warehouse: place);
        }

        var count = await Open(place);
        var skus = new List<string>();
        string? token = null;
        do
        {
            var page = await Node.Count.ExecuteAsync(count.CountId, LineSelection.Uncounted, 2, token, default);
            skus.AddRange(page.Lines.Select(l => l.Sku));
            token = page.NextPageToken;
        } while (token is not null);

        var unknown = await Node.Count.ExecuteAsync(Guid.NewGuid(), null, 2, null, default);
        Assert.That(skus, Has.Count.EqualTo(5).And.Unique);
        Assert.That(unknown.Outcome, Is.EqualTo(GetCountOutcome.CountUnknown));
    }
}
