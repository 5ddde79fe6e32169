using Inventory.Engine.Transfers;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Transfers;

public sealed class ListTransfersTests : TransferFixture
{
    private readonly List<Transfer> made = [];
    private string north = "";
    private string south = "";
    private string sku = "";

    /// <summary>Eight transfers there and back, in turn of two items and of four states.</summary>
    [OneTimeSetUp]
    public async Task MakeTransfers()
    {
        (north, south) = (await Given.Warehouse("N"), await Given.Warehouse("S"));
        var east = await Given.Warehouse("E");
        sku = await Given.Stock(onHand: 100, warehouse: north);
        var other = await Given.Stock(onHand: 100, warehouse: east);
        await Given.Stock(onHand: 100, sku: sku, warehouse: south);
        for (var n = 0; n < 8; n++)
        {
            var mode = (TransferMode)(n % 3 + 1);
            made.Add(
                n % 2 == 0
                    ? await Created(Some.Transfer(sku, n == 4 ? south : north, n == 4 ? north : south, 1, mode))
                    : await Created(Some.Transfer(other, east, north, 1, mode))
            );
        }

        made[7] = (await CancelTransfer(made[7].TransferId)).Transfer!;
        made.Reverse();
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(100)]
    public async Task Pages_together_are_the_list_the_newest_first(int pageSize)
    {
        var all = await Walk(new(), pageSize);
        var item = await Walk(new() { Sku = sku }, pageSize);
        var place = await Walk(new() { Warehouse = south }, pageSize);
        var both = await Walk(new() { Sku = sku, Warehouse = north }, pageSize);

        Assert.That(all, Is.EqualTo(made));
        Assert.That(item, Is.EqualTo(made.Where(t => t.Sku == sku)));
        Assert.That(place, Is.EqualTo(made.Where(t => t.FromWarehouse == south || t.ToWarehouse == south)));
        Assert.That(both, Is.EqualTo(item));
    }

    [TestCase(TransferState.Pending)]
    [TestCase(TransferState.InTransit)]
    [TestCase(TransferState.Completed)]
    [TestCase(TransferState.Cancelled)]
    public async Task A_state_is_found_among_all_and_of_an_item_and_at_a_warehouse(TransferState state)
    {
        var expected = made.Where(t => t.State == state).ToList();

        var all = await Walk(new() { State = state }, 1);
        var item = await Walk(new() { State = state, Sku = sku }, 1);
        var place = await Walk(new() { State = state, Warehouse = north }, 1);

        Assert.That(expected, Is.Not.Empty);
        Assert.That(all, Is.EqualTo(expected));
        Assert.That(item, Is.EqualTo(expected.Where(t => t.Sku == sku)));
        Assert.That(place, Is.EqualTo(expected));
    }

    [Test]
    public async Task What_is_not_known_is_refused_and_a_token_serves_its_own_list_only()
    {
        var first = await Node.Transfers.ExecuteAsync(new(), 1, null, default);
        (TransferFilter Filter, string? Token, ListTransfersOutcome Outcome)[] asks =
        [
            (new() { Sku = "nothing" }, null, ListTransfersOutcome.SkuUnknown),
            (new() { Warehouse = "nowhere" }, null, ListTransfersOutcome.WarehouseUnknown),
            (new() { Sku = sku }, first.NextPageToken, ListTransfersOutcome.PageTokenInvalid),
            (new() { State = TransferState.Pending }, first.NextPageToken, ListTransfersOutcome.PageTokenInvalid),
            (new(), "AAAA", ListTransfersOutcome.PageTokenInvalid),
            (new(), first.NextPageToken![..^4], ListTransfersOutcome.PageTokenInvalid),
        ];

        foreach (var (filter, token, outcome) in asks)
        {
            var answer = await Node.Transfers.ExecuteAsync(filter, 1, token, default);
            Assert.That(answer.Outcome, Is.EqualTo(outcome), $"{filter} {token}");
        }
    }

    private async Task<List<Transfer>> Walk(TransferFilter filter, int pageSize)
    {
        var found = new List<Transfer>();
        string? token = null;
        do
        {
            var page = await Node.Transfers.ExecuteAsync(filter, pageSize, token, default);
            Assert.That(page.Transfers, Has.Count.LessThanOrEqualTo(pageSize));
            found.AddRange(page.Transfers);
            token = page.NextPageToken;
        } while (token is not null);

        return found;
    }
}
