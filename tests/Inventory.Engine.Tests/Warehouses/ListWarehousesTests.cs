using Inventory.Engine.Warehouses;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Warehouses;

public sealed class ListWarehousesTests : EngineFixture
{
    private readonly List<string> codes = [];

    /// <summary>Seven, of two priorities, one of them inactive.</summary>
    [OneTimeSetUp]
    public async Task MakeWarehouses()
    {
        for (var n = 0; n < 7; n++)
        {
            codes.Add(await Given.Warehouse($"W{9 - n}", priority: n % 2, active: n != 3));
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(7)]
    [TestCase(100)]
    public async Task Pages_together_are_the_list_in_its_order(int pageSize)
    {
        var byPriority = await Walk(new(), pageSize);
        var byCode = await Walk(new() { ByCode = true }, pageSize);

        Assert.That(byPriority, Is.EqualTo(new[] { "W9", "W7", "W5", "W3", "W8", "W6", "W4" }));
        Assert.That(byCode, Is.EqualTo(codes.Order(StringComparer.Ordinal)));
    }

    [Test]
    public async Task A_filter_leaves_what_matches()
    {
        var inactive = await Walk(new() { Active = false }, 2);
        var active = await Walk(new() { Active = true, Type = WarehouseType.DistributionCenter }, 2);
        var stores = await Walk(new() { Type = WarehouseType.Store }, 2);

        Assert.That(inactive, Is.EqualTo(new[] { "W6" }));
        Assert.That(active, Has.Count.EqualTo(6));
        Assert.That(stores, Is.Empty);
    }

    [Test]
    public async Task A_token_serves_the_list_that_it_was_made_for_only()
    {
        var first = await Node.Warehouses.ExecuteAsync(new(), 1, null, default);

        foreach (
            var (filter, token) in new (WarehouseFilter, string)[]
            {
                (new() { ByCode = true }, first.NextPageToken!),
                (new() { Active = true }, first.NextPageToken!),
                (new(), "AAAA"),
                (new(), "not base64!"),
                (new(), first.NextPageToken![..^3]),
            }
        )
        {
            var answer = await Node.Warehouses.ExecuteAsync(filter, 1, token, default);
            Assert.That(answer.Outcome, Is.EqualTo(ListWarehousesOutcome.PageTokenInvalid), token);
        }
    }

    private async Task<List<string>> Walk(WarehouseFilter filter, int pageSize)
    {
        var found = new List<string>();
        string? token = null;
        do
        {
            var page = await Node.Warehouses.ExecuteAsync(filter, pageSize, token, default);
            Assert.That(page.Warehouses, Has.Count.LessThanOrEqualTo(pageSize));
            found.AddRange(page.Warehouses.Select(w => w.Code));
            token = page.NextPageToken;
        } while (token is not null);

        return found;
    }
}
