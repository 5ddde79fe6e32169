using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal;

[Parallelizable(ParallelScope.Self)]
public sealed class ListTransactionsTests : EngineFixture
{
    [Test]
    public async Task Changes_of_a_SKU_are_chained_by_before_and_after_over_all_pages()
    {
        var (site, sku) = (await Given.Warehouse(), await Given.Stock(onHand: 5));
        await Given.Stock(onHand: 2, sku: sku, warehouse: site);
        var held = await Hold(sku, 3);
        await Edit(Some.Add(sku, 4));
        await Edit(Some.Add(sku, 1, site));
        await Confirm(held.ReservationId);

        var found = await AllAsync(new() { Sku = sku }, pageSize: 2);

        Assert.That(found.Select(t => t.Position), Is.Ordered.Descending);
        Assert.That(
            found.Select(t => t.Kind),
            Is.EqualTo([
                JournalKind.Confirmed,
                JournalKind.Added,
                JournalKind.Added,
                JournalKind.Held,
                JournalKind.Opened,
                JournalKind.Opened,
            ])
        );
        foreach (var row in found.GroupBy(t => t.StockId))
        {
            var chain = row.Reverse().ToList();
            Assert.That(chain.Select(t => t.Version), Is.EqualTo(Enumerable.Range(1, chain.Count)));
            Assert.That(chain[0].Before, Is.EqualTo(default(StockAmounts)));
            Assert.That(chain.Skip(1).Select(t => t.Before), Is.EqualTo(chain.SkipLast(1).Select(t => t.After)));
        }

        Assert.That(found[0].After, Is.EqualTo(new StockAmounts(6, 0, 0, 0, 0, 0)));
        Assert.That((found[0].Actor, found[1].Reason), Is.EqualTo((Some.Caller.Name, "test")));
    }

    [Test]
    public async Task A_reservation_has_its_own_changes_alone_and_all_of_them()
    {
        var (sku, other) = (await Given.Stock(onHand: 50), await Given.Stock(onHand: 50));
        await Hold(sku);
        var held = (await Reserve(Some.Reserve((sku, 2), (other, 1)))).Reservation!;
        await Hold(sku);
        await Confirm(held.ReservationId);
        await Hold(sku);

        var found = await AllAsync(new() { ReservationId = held.ReservationId }, pageSize: 3);
        var ofOne = await AllAsync(new() { ReservationId = held.ReservationId, Sku = other }, pageSize: 3);

        Assert.That(found, Has.Count.EqualTo(4));
        Assert.That(found.Select(t => t.Document), Is.All.EqualTo(held.ReservationId));
        Assert.That(
            found.Select(t => t.Kind),
            Is.EqualTo([JournalKind.Confirmed, JournalKind.Confirmed, JournalKind.Held, JournalKind.Held])
        );
        Assert.That(ofOne, Is.EqualTo(found.Where(t => t.Sku == other)));
    }

    [Test]
    public async Task An_extension_and_a_delivery_are_told_of_the_reservation_and_of_the_caller_and_of_no_stock()
    {
        var (clerk, sku) = (Some.OrderId(), await Given.Stock(onHand: 5));
        var held = await Hold(sku);
        var id = held.ReservationId;
        await Node.Extend.ExecuteAsync(new(id, held.ExpiresAt.AddHours(1), new(clerk)), default);
        await Confirm(id);
        await Node.Fulfill.ExecuteAsync(new(id, null, null, new(clerk)), default);

        var found = await AllAsync(new() { ReservationId = id }, pageSize: 1);
        var byClerk = await AllAsync(new() { Actor = clerk }, pageSize: 50);
        var ofStock = await AllAsync(new() { ReservationId = id, Sku = sku }, pageSize: 50);

        Assert.That(
            found.Select(t => t.Kind),
            Is.EqualTo([JournalKind.Fulfilled, JournalKind.Confirmed, JournalKind.Extended, JournalKind.Held])
        );
        Assert.That(byClerk, Is.EqualTo(new[] { found[0], found[2] }));
        Assert.That(
            (found[0].StockId, found[0].Sku, found[0].Version, found[0].Change, found[0].After),
            Is.EqualTo((0L, "", 0L, default(StockAmounts), default(StockAmounts?)))
        );
        Assert.That(ofStock, Is.EqualTo(new[] { found[1], found[3] }));
    }

    [Test]
    public async Task A_change_says_under_which_scope_from_where_and_under_which_trace_it_was_made()
    {
        var (sku, trace) = (await Given.Stock(onHand: 5), Guid.NewGuid());
        var address = System.Net.IPAddress.Parse("203.0.113.5");
        var origin = await new Origins(Database.Cell).FindAsync("clerk", "stock.write", address, default);
        await Edit(Some.Add(sku, 2) with { Caller = new("clerk", origin, trace) });
        await Edit(Some.Add(sku, 3));

        var ofStock = await AllAsync(new() { Sku = sku }, pageSize: 50);
        var ofTrace = await AllAsync(new() { Trace = trace }, pageSize: 50);

        Assert.That(
            (ofStock[1].Actor, ofStock[1].Scope, ofStock[1].Address, ofStock[1].Trace),
            Is.EqualTo(("clerk", "stock.write", "203.0.113.5", (Guid?)trace))
        );
        Assert.That(
            (ofStock[0].Scope, ofStock[0].Address, ofStock[0].Trace),
            Is.EqualTo((null as string, null as string, null as Guid?))
        );
        Assert.That(ofTrace, Is.EqualTo(new[] { ofStock[1] }));
    }

    [Test]
    public async Task All_that_is_given_must_match_with_a_SKU_and_without()
    {
        var site = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 5, warehouse: site);
        await Given.Stock(onHand: 5, sku: sku);
        var edit = Some.Add(sku, 2, site) with { Caller = new(Some.OrderId()) };
        await Edit(edit);
        await Edit(Some.Add(sku, 3, site));
        await Edit(Some.Remove(sku, 1, site));
        await Edit(Some.Add(sku, 3));
        var all = await AllAsync(new() { Warehouse = site }, pageSize: 50);
        var (removed, added, asked) = (all[0], all[1], all[2]);

        TransactionFilter[] filters =
        [
            new() { Actor = edit.Caller.Name },
            new() { Warehouse = site, Kinds = [JournalKind.Added, JournalKind.Removed] },
            new() { Warehouse = site, From = added.At },
            new() { Warehouse = site, Before = added.At },
            new()
            {
                Warehouse = site,
                From = added.At,
                Before = removed.At,
            },
        ];
        Transaction[][] expected =
        [
            [asked],
            [removed, added, asked],
            [removed, added],
            [asked, all[3]],
            [added],
        ];
        for (var i = 0; i < filters.Length; i++)
        {
            Assert.That(await AllAsync(filters[i], pageSize: 2), Is.EqualTo(expected[i]), $"{i}, of all");
            Assert.That(await AllAsync(filters[i] with { Sku = sku }, 2), Is.EqualTo(expected[i]), $"{i}, of a SKU");
        }
    }

    [Test]
    public async Task Kinds_that_are_rare_are_all_found_in_order_among_many_others_and_many_of_their_own()
    {
        var (site, sku) = (await Given.Warehouse(), await Given.Stock(onHand: 5_000));
        await Given.Stock(onHand: 5_000, sku: sku, warehouse: site);
        await Given.Stock(onHand: 0, sku: sku, warehouse: await Given.Warehouse());
        await Given.Stock(onHand: 0, sku: sku, warehouse: await Given.Warehouse());
        for (var i = 0; i < 10; i++)
        {
            // More of one kind and row than a statement that looks at four rows sees, and fewer than a page.
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Edit(Some.Add(sku, 1, site))));
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Hold(sku)));
            await Edit(Some.Remove(sku, 1, site));
            await Edit(Some.Add(sku, 1));
        }

        var all = await AllAsync(new() { Sku = sku }, pageSize: 1_000);
        JournalKind[] rare = [JournalKind.Removed, JournalKind.Added, JournalKind.Removed];
        foreach (var kinds in new[] { [JournalKind.Removed], rare, [JournalKind.Held, JournalKind.Removed] })
        {
            var expected = all.Where(t => kinds.Contains(t.Kind)).ToList();
            var (filter, middle) = (new TransactionFilter { Sku = sku, Kinds = kinds }, expected[9].At);
            var found = await AllAsync(filter, pageSize: 150);
            var since = await AllAsync(filter with { From = middle }, pageSize: 7);
            var until = await AllAsync(filter with { Before = middle }, pageSize: 7);

            Assert.That(found, Is.EqualTo(expected));
            Assert.That(since, Is.EqualTo(expected.Where(t => t.At >= middle)));
            Assert.That(until, Is.EqualTo(expected.Where(t => t.At < middle)));
        }
    }

    [Test]
    public async Task What_happens_between_two_pages_moves_nothing()
    {
        var sku = await Given.Stock(onHand: 50);
        for (var i = 0; i < 5; i++)
        {
            await Edit(Some.Add(sku, i + 1));
        }

        var filter = new TransactionFilter { Sku = sku };
        var first = await Node.Transactions.ExecuteAsync(filter, 3, null, default);
        await Edit(Some.Add(sku, 9));
        var second = await Node.Transactions.ExecuteAsync(filter, 3, first.NextPageToken, default);

        var found = first.Transactions.Concat(second.Transactions).ToList();
        Assert.That(found.Select(t => t.Change.OnHand), Is.EqualTo([5, 4, 3, 2, 1, 50]));
        Assert.That(found.Select(t => t.After!.Value.OnHand), Is.EqualTo([65, 60, 56, 53, 51, 50]));
        Assert.That(second.NextPageToken, Is.Null);
    }

    [Test]
    public async Task What_no_one_knows_and_a_token_of_another_list_are_refused()
    {
        var sku = await Given.Stock(onHand: 5);
        await Edit(Some.Add(sku));
        var token = (await Node.Transactions.ExecuteAsync(new() { Sku = sku }, 1, null, default)).NextPageToken;

        ListTransactionsOutcome[] outcomes =
        [
            await RefusedAsync(new() { Sku = "nothing" }),
            await RefusedAsync(new() { Warehouse = "nowhere" }),
            await RefusedAsync(new() { ReservationId = Guid.NewGuid() }),
            await RefusedAsync(new() { Sku = sku, Actor = "else" }, token),
        ];

        Assert.That(
            outcomes,
            Is.EqualTo([
                ListTransactionsOutcome.SkuUnknown,
                ListTransactionsOutcome.WarehouseUnknown,
                ListTransactionsOutcome.ReservationUnknown,
                ListTransactionsOutcome.PageTokenInvalid,
            ])
        );
    }

    private async Task<ListTransactionsOutcome> RefusedAsync(TransactionFilter filter, string? token = null) =>
        (await Node.Transactions.ExecuteAsync(filter, 1, token, default)).Outcome;

    private async Task<List<Transaction>> AllAsync(TransactionFilter filter, int pageSize)
    {
        var found = new List<Transaction>();
        string? token = null;
        do
        {
            var page = await Node.Transactions.ExecuteAsync(filter, pageSize, token, default);
            Assert.That(page.Outcome, Is.EqualTo(ListTransactionsOutcome.Listed));
            Assert.That(page.Transactions, Has.Count.LessThanOrEqualTo(pageSize));
            found.AddRange(page.Transactions);
            token = page.NextPageToken;
        } while (token is not null);

        return found;
    }
}
