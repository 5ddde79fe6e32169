using Inventory.Engine.Catalog;
using Inventory.Engine.Database;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Catalog;

public sealed class ListInventoryItemsTests : EngineFixture
{
    private readonly List<string> made = [];

    /// <summary>Nine: three names, two categories, two products, and every status.</summary>
    [OneTimeSetUp]
    public async Task MakeItems()
    {
        await Given.Warehouse(Given.MainWarehouse);
        for (var n = 0; n < 9; n++)
        {
            var item = new NewItem
            {
                Caller = Some.Caller,
                Sku = $"S{9 - n}",
                Name = $"Name_{n % 3}",
                Category = n < 4 ? "garden" : "house",
                ProductId = n < 6 ? $"P{n % 2}" : null,
                VariantId = n < 6 ? $"{n}" : null,
                ReorderPoint = 5,
                Discontinued = n == 8,
                Openings = n is 0 or 8 ? [] : [new(Given.MainWarehouse, n)],
            };
            await Node.CreateItem.ExecuteAsync(item, default);
            made.Add(item.Sku);
        }
    }

    [Test]
    public async Task Pages_together_are_the_list_in_each_order(
        [Values] ItemOrder order,
        [Values] bool descending,
        [Values(1, 2, 9, 100)] int pageSize
    )
    {
        var found = await Walk(new() { Order = order, Descending = descending }, pageSize);

        var expected = order switch
        {
            ItemOrder.Sku => made.Order(StringComparer.Ordinal),
            ItemOrder.Name => made.Select((sku, n) => (sku, n))
                .OrderBy(i => i.n % 3)
                .ThenBy(i => i.n)
                .Select(i => i.sku),
            ItemOrder.Created => made,
        };
        Assert.That(found, Is.EqualTo(descending ? expected.Reverse() : expected));
    }

    [Test]
    public async Task Each_filter_leaves_what_matches([Values(1, 3, 100)] int pageSize)
    {
        (ItemFilter Filter, string[] Skus)[] cases =
        [
            (new() { Category = "garden" }, ["S6", "S7", "S8", "S9"]),
            (new() { ProductId = "P0" }, ["S5", "S7", "S9"]),
            (new() { ProductId = "S3" }, ["S3"]),
            (new() { Prefix = "s7" }, ["S7"]),
            (new() { Prefix = "name_1" }, ["S2", "S5", "S8"]),
            (new() { Prefix = "name%" }, []),
            (new() { Prefix = "s_" }, []),
            (new() { Status = ItemStatus.OutOfStock }, ["S9"]),
            (new() { Status = ItemStatus.LowStock }, ["S4", "S5", "S6", "S7", "S8"]),
            (new() { Status = ItemStatus.InStock }, ["S2", "S3"]),
            (new() { Status = ItemStatus.Discontinued }, ["S1"]),
            (new() { Discontinued = false, Prefix = "S" }, ["S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9"]),
            (
                new()
                {
                    Category = "garden",
                    ProductId = "P1",
                    Status = ItemStatus.LowStock,
                },
                ["S6", "S8"]
            ),
        ];

        foreach (var (filter, skus) in cases)
        {
            Assert.That(await Walk(filter, pageSize), Is.EqualTo(skus), $"{filter}");
        }
    }

    [Test]
    public async Task An_unknown_product_is_said_to_be_unknown_and_a_known_one_without_matches_is_empty()
    {
        var unknown = await List(new() { ProductId = "P9" });
        var none = await List(new() { ProductId = "P0", Category = "attic" });
        var item = (await Node.Item.BySkuOrIdAsync("S4", default)).Item!;
        var byId = await List(new() { ProductId = PublicId.Item(item.ItemId) });

        Assert.That(unknown.Outcome, Is.EqualTo(ListItemsOutcome.ProductUnknown));
        Assert.That((none.Outcome, none.Items.Count), Is.EqualTo((ListItemsOutcome.Listed, 0)));
        Assert.That(byId.Items.Single(), Is.EqualTo(item).UsingPropertiesComparer());
    }

    [Test]
    public async Task A_token_serves_the_list_that_it_was_made_for_only()
    {
        var token = (
            await Node.Items.ExecuteAsync(new() { Order = ItemOrder.Created }, 1, null, default)
        ).NextPageToken!;
        (ItemFilter Filter, string Token)[] cases =
        [
            (new(), token),
            (new() { Order = ItemOrder.Created, Descending = true }, token),
            (new() { Order = ItemOrder.Created, Prefix = "S" }, token),
            (new() { Order = ItemOrder.Created }, token[..^2]),
            (new() { Order = ItemOrder.Created }, $"{token}!"),
            (new() { Order = ItemOrder.Created }, "AAAA"),
        ];

        foreach (var (filter, forged) in cases)
        {
            var answer = await Node.Items.ExecuteAsync(filter, 1, forged, default);
            Assert.That(answer.Outcome, Is.EqualTo(ListItemsOutcome.PageTokenInvalid), $"{filter} {forged}");
        }
    }

    private Task<ListItemsAnswer> List(ItemFilter filter) => Node.Items.ExecuteAsync(filter, 50, null, default);

    private async Task<List<string>> Walk(ItemFilter filter, int pageSize)
    {
        var found = new List<string>();
        string? token = null;
        do
        {
            var page = await Node.Items.ExecuteAsync(filter, pageSize, token, default);
            Assert.That(page.Outcome, Is.EqualTo(ListItemsOutcome.Listed), $"{filter}");
            Assert.That(page.Items, Has.Count.LessThanOrEqualTo(pageSize));
            found.AddRange(page.Items.Select(i => i.Sku));
            token = page.NextPageToken;
        } while (token is not null);

        return found;
    }
}
