using Dapper;
using Inventory.Engine.Stock;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Stock;

public sealed class ListStockTests : EngineFixture
{
    private const string Product = "shirt";
    private readonly List<string> skus = [];
    private string north = "";
    private string south = "";

    /// <summary>
    /// Seven items at two warehouses, with 0 to 6 at the north and 10 at the south; reorder points of 2 but for the
    /// first, and the second is no longer sold. The last two are variants of one product, and the south lacks one.
    /// </summary>
    [OneTimeSetUp]
    public async Task StockUp()
    {
        (north, south) = (await Given.Warehouse("N"), await Given.Warehouse("S"));
        for (var n = 0; n < 7; n++)
        {
            skus.Add(await Given.Stock(onHand: n, sku: $"A{n}", warehouse: north, discontinued: n == 1));
            if (n < 6)
            {
                await Given.Stock(onHand: 10, sku: skus[n], warehouse: south);
            }
        }

        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            UPDATE item SET reorder_point = 2, reorder_quantity = 20 WHERE sku <> 'A0';
            UPDATE item SET product_id = 'shirt', variant_id = sku WHERE sku IN ('A5', 'A6')
            """
        );
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(13)]
    [TestCase(1_000)]
    public async Task Pages_together_are_all_rows_once_whichever_way_they_are_found(int pageSize)
    {
        var all = await Walk(new(), pageSize);
        var byPlaces = await Walk(new() { Warehouses = [south, north, "S"] }, pageSize);
        var byPlace = await Walk(new() { Warehouses = [north] }, pageSize);
        var byItem = await Walk(new() { Items = StockItems.Item("A3") }, pageSize);

        Assert.That(all, Has.Count.EqualTo(13).And.Unique);
        Assert.That(byPlaces, Is.EqualTo(all));
        Assert.That(byPlace, Is.EqualTo(skus.Select(s => (s, north))));
        Assert.That(byItem, Is.EqualTo(new[] { ("A3", north), ("A3", south) }));
    }

    [Test]
    public async Task A_product_is_all_its_variants_and_its_own_name_where_no_product_has_it()
    {
        var product = await Walk(new() { Items = StockItems.Product(Product) }, 2);
        var there = await Walk(new() { Items = StockItems.Product(Product), Warehouses = [south] }, 2);
        var sku = await Walk(new() { Items = StockItems.Product("A3"), Warehouses = [south] }, 2);

        Assert.That(product, Is.EquivalentTo(new[] { ("A5", north), ("A5", south), ("A6", north) }));
        Assert.That(there, Is.EqualTo(new[] { ("A5", south) }));
        Assert.That(sku, Is.EqualTo(new[] { ("A3", south) }));
    }

    [Test]
    public async Task Low_is_what_no_more_than_the_reorder_point_can_be_held_of()
    {
        var low = await Walk(new() { LowOnly = true }, 1);
        var lower = await Walk(
            new()
            {
                LowOnly = true,
                Threshold = 0,
                Warehouses = [north],
            },
            1
        );
        var row = (await Node.Stocks.ExecuteAsync(new() { LowOnly = true }, 1, null, default)).Rows[0];

        Assert.That(low, Is.EqualTo(new[] { ("A2", north) }));
        Assert.That(lower, Is.EqualTo(new[] { ("A0", north) }));
        Assert.That((row.Stock.OnHand, row.ReorderPoint, row.ReorderQuantity), Is.EqualTo((2, 2, 20)));
    }

    [Test]
    public async Task What_is_not_known_is_named_and_a_token_serves_its_own_list_only()
    {
        var first = await Node.Stocks.ExecuteAsync(new(), 1, null, default);
        (StockFilter Filter, string? Token, ListStockOutcome Outcome)[] asks =
        [
            (new() { Items = StockItems.Item("nothing") }, null, ListStockOutcome.ItemUnknown),
            (new() { Items = StockItems.Item(Product) }, null, ListStockOutcome.ItemUnknown),
            (new() { Items = StockItems.Product("nothing") }, null, ListStockOutcome.ItemUnknown),
            (new() { Warehouses = [north, "nowhere"] }, null, ListStockOutcome.WarehouseUnknown),
            (new() { Warehouses = [north] }, first.NextPageToken, ListStockOutcome.PageTokenInvalid),
            (new() { LowOnly = true }, first.NextPageToken, ListStockOutcome.PageTokenInvalid),
            (new() { Threshold = 1 }, first.NextPageToken, ListStockOutcome.PageTokenInvalid),
            (new(), "AAAA", ListStockOutcome.PageTokenInvalid),
        ];

        foreach (var (filter, token, outcome) in asks)
        {
            var answer = await Node.Stocks.ExecuteAsync(filter, 1, token, default);
            Assert.That(answer.Outcome, Is.EqualTo(outcome), $"{filter}");
        }
    }

    [Test]
    public async Task Overall_is_every_row_of_every_variant()
    {
        var product = await Node.OverallStock.ExecuteAsync(StockItems.Product(Product), null, default);
        var there = await Node.OverallStock.ExecuteAsync(StockItems.Product(Product), south, default);
        var nothing = await Node.OverallStock.ExecuteAsync(StockItems.Product("nothing"), null, default);
        var nowhere = await Node.OverallStock.ExecuteAsync(StockItems.Item("A3"), "nowhere", default);

        Assert.That(product.Skus, Is.EqualTo(new[] { "A5", "A6" }));
        Assert.That(
            product.Rows.Select(r => (r.Warehouse, r.Sku, r.OnHand)),
            Is.EqualTo(new[] { (north, "A5", 5L), (north, "A6", 6L), (south, "A5", 10L) })
        );
        Assert.That(StockSums.Of(product.Rows).OnHand, Is.EqualTo(21));
        Assert.That(there.Rows.Single().OnHand, Is.EqualTo(10));
        Assert.That(
            (nothing.Outcome, nowhere.Outcome),
            Is.EqualTo((OverallOutcome.ItemUnknown, OverallOutcome.WarehouseUnknown))
        );
    }

    private async Task<List<(string, string)>> Walk(StockFilter filter, int pageSize)
    {
        var found = new List<(string, string)>();
        string? token = null;
        do
        {
            var page = await Node.Stocks.ExecuteAsync(filter, pageSize, token, default);
            Assert.That(page.Outcome, Is.EqualTo(ListStockOutcome.Listed));
            Assert.That(page.Rows, Has.Count.LessThanOrEqualTo(pageSize));
            found.AddRange(page.Rows.Select(r => (r.Stock.Sku, r.Stock.Warehouse)));
            token = page.NextPageToken;
        } while (token is not null);

        return found;
    }
}
