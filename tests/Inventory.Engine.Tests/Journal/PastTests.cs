using Inventory.Engine.Journal;
using Inventory.Engine.Journal.Past;
using Inventory.Engine.Stock;
using Inventory.Testing;
using NUnit.Framework;
using StockAmounts = Inventory.Engine.Journal.StockAmounts;

namespace Inventory.Engine.Tests.Journal;

[Parallelizable(ParallelScope.Self)]
public sealed class PastTests : HistoryFixture
{
    private static readonly DateTime Before = DateTime.UnixEpoch;

    [Test]
    public async Task A_row_is_told_as_it_was_after_each_of_its_changes_with_snapshots_and_without()
    {
        var sku = await Given.Stock(onHand: 20, safetyStock: 2, damaged: 1, qualityControl: 1);
        for (var i = 0; i < 20; i++)
        {
            var held = await Hold(sku);
            await Edit(Some.Add(sku, i + 1));
            await Edit(Some.Move(sku, StockState.Available, StockState.Damaged));
            await (i % 2 == 0 ? Confirm(held.ReservationId) : Cancel(held.ReservationId));
        }

        var changes = await AllAsync(sku);
        await AssertAsync(most: changes.Count);
        await FollowAsync();
        await AssertAsync(most: 50);

        async Task AssertAsync(int most)
        {
            foreach (var last in changes.GroupBy(c => c.At).Select(same => same.MaxBy(c => c.Version)!))
            {
                var past = await PastAsync(sku, last.At);
                Assert.That(
                    (past.Version, past.Amounts, past.ChangedAt),
                    Is.EqualTo((last.Version, last.After, last.At))
                );
                Assert.That(past.ChangesRead, Is.LessThanOrEqualTo(most));
            }
        }
    }

    [Test]
    public async Task At_most_fifty_changes_are_read_of_a_row_with_thousands()
    {
        var sku = await Given.Stock(onHand: 0);
        var begin = Now;
        await LiveAsync(sku, 3_000, begin);
        await FollowAsync(pageSize: 130);

        for (var n = 1; n <= 3_000; n += 37)
        {
            var past = await PastAsync(sku, begin.AddMilliseconds(n));

            Assert.That((past.Version, past.Amounts.OnHand), Is.EqualTo((n, n)));
            Assert.That(past.ChangesRead, Is.LessThan(50));
        }
    }

    [Test]
    public async Task Where_the_clock_was_put_back_a_state_is_told_that_the_row_was_in()
    {
        var sku = await Given.Stock(onHand: 0);
        var begin = Now;
        await LiveAsync(sku, 200, begin);
        await PutBackAsync(sku, 50, begin.AddSeconds(60));
        await PutBackAsync(sku, 120, begin);

        foreach (var snapshots in new[] { false, true })
        {
            if (snapshots)
            {
                await FollowAsync();
            }

            Assert.That((await PastAsync(sku, begin.AddMilliseconds(49))).Version, Is.EqualTo(49));
            Assert.That((await PastAsync(sku, begin.AddSeconds(59))).Version, Is.EqualTo(49));
            Assert.That((await PastAsync(sku, begin.AddSeconds(60))).Version, Is.EqualTo(200));
        }
    }

    [Test]
    public async Task Times_rise_with_the_versions_of_a_row_that_two_nodes_change_at_once()
    {
        await using var other = new EngineNode(Database.Cell);
        var sku = await Given.Stock(onHand: 1_000);
        var calls = Enumerable
            .Range(0, 200)
            .Select(i =>
                i % 2 == 0
                    ? (i % 4 == 0 ? Node : other).Reserve.ExecuteAsync(Some.Reserve(sku), default).AsTask()
                    : (Task)(i % 4 == 1 ? Node : other).Edit.ExecuteAsync(Some.Add(sku), default).AsTask()
            );
        await Task.WhenAll(calls);

        var changes = await AllAsync(sku);

        Assert.That(changes, Has.Count.EqualTo(201));
        Assert.That(changes.OrderBy(c => c.Version).Select(c => c.At), Is.Ordered);
    }

    [Test]
    public async Task Before_its_first_change_a_row_was_not_there_and_in_time_to_come_it_is_as_now()
    {
        var sku = await Given.Stock(onHand: 3);
        var row = await PastAsync(sku, Now.AddYears(1));

        var named = await Node.Past.ExecuteAsync(new() { At = Before, StockId = row.StockId }, 1, null, default);

        Assert.That(row.Amounts.OnHand, Is.EqualTo(3));
        Assert.That(await AtAsync(sku, Before), Is.Empty);
        Assert.That((named.Rows[0].Version, named.Rows[0].Amounts), Is.EqualTo((0L, default(StockAmounts))));
    }

    [Test]
    public async Task A_warehouse_is_told_page_by_page_with_what_is_gone_since()
    {
        var site = await Given.Warehouse();
        var skus = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            skus.Add(await Given.Stock(onHand: i + 1, warehouse: site));
        }

        await Edit(Some.Remove(skus[2], 3, site));
        var then = (await AllAsync(skus[2])).Max(c => c.At);
        await Node.DeleteStock.ExecuteAsync(Some.Deletion(skus[2], site), default);

        var past = await WarehouseAsync(site, then, pageSize: 2);
        var now = await WarehouseAsync(site, Now.AddMinutes(1), pageSize: 2);
        var gone = await AtAsync(skus[2], then.AddTicks(-10));

        Assert.That(past.Select(p => p.Sku), Is.EqualTo(skus));
        Assert.That(past.Select(p => p.Amounts.OnHand), Is.EqualTo([1, 2, 0, 4, 5]));
        Assert.That(now.Select(p => p.Sku), Is.EqualTo(skus.Where(s => s != skus[2])));
        Assert.That(gone.Single().Amounts.OnHand, Is.EqualTo(3));
    }

    [Test]
    public async Task What_never_was_is_said_to_be_unknown_and_a_token_of_another_question_is_refused()
    {
        var sku = await Given.Stock(onHand: 1);
        var site = await Given.Warehouse();
        await Given.Stock(onHand: 1, sku: sku, warehouse: site);
        var token = (await AskAsync(new() { At = Before, Sku = sku }, 1)).NextPageToken;

        Assert.That(token, Is.Not.Null);
        Assert.That(await OutcomeAsync(new() { At = Before, Sku = Some.Sku() }), Is.EqualTo(PastOutcome.SkuUnknown));
        Assert.That(
            await OutcomeAsync(new() { At = Before, Warehouse = "nowhere" }),
            Is.EqualTo(PastOutcome.WarehouseUnknown)
        );
        Assert.That(
            await OutcomeAsync(new() { At = Before, StockId = long.MaxValue }),
            Is.EqualTo(PastOutcome.StockUnknown)
        );
        Assert.That(
            await OutcomeAsync(new() { At = Before, Warehouse = site }, token),
            Is.EqualTo(PastOutcome.PageTokenInvalid)
        );
    }

    private Task<PastAnswer> AskAsync(PastFilter filter, int pageSize, string? token = null) =>
        Node.Past.ExecuteAsync(filter, pageSize, token, default);

    private async Task<PastOutcome> OutcomeAsync(PastFilter filter, string? token = null) =>
        (await AskAsync(filter, 10, token)).Outcome;

    private async Task<List<PastStock>> WarehouseAsync(string site, DateTime at, int pageSize)
    {
        var rows = new List<PastStock>();
        string? token = null;
        do
        {
            var page = await AskAsync(new() { At = at, Warehouse = site }, pageSize, token);
            rows.AddRange(page.Rows);
            token = page.NextPageToken;
        } while (token is not null);

        return rows;
    }

    private async Task<IReadOnlyList<Transaction>> AllAsync(string sku) =>
        (await Node.Transactions.ExecuteAsync(new() { Sku = sku }, 1_000, null, default)).Transactions;
}
