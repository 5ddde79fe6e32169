using Inventory.Engine.Catalog;
using Inventory.Engine.Journal;
using Inventory.Engine.Reservations;
using Inventory.Engine.Warehouses;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Catalog;

/// <summary>What is still told of stock rows that went with their item or their warehouse.</summary>
public sealed class FormerStockTests : EngineFixture
{
    private readonly List<Reservation> sold = [];

    /// <summary>Of an item that is gone one piece was sold, and one of another from a warehouse that is gone.</summary>
    [OneTimeSetUp]
    public async Task SellAndDelete()
    {
        var code = await Given.Warehouse();
        var gone = await Given.Stock(onHand: 1);
        var left = await Given.Stock(onHand: 1, warehouse: code);
        foreach (var sku in new[] { gone, left })
        {
            sold.Add(await Hold(sku));
            await Confirm(sold[^1].ReservationId);
        }

        var item = await Node.DeleteItem.ExecuteAsync(new(Some.Caller, Some.RequestId(), gone), default);
        var place = await Node.DeleteWarehouse.ExecuteAsync(new(Some.Caller, Some.RequestId(), code), default);
        Assert.That(item.Outcome, Is.EqualTo(DeleteItemOutcome.Deleted));
        Assert.That(place.Outcome, Is.EqualTo(DeleteWarehouseOutcome.Deleted));
    }

    [Test]
    public async Task Reservations_are_listed_with_what_was_sold_from_where()
    {
        await using var late = new EngineNode(Database.Cell);

        var all = await late.List.ExecuteAsync(new ReservationFilter(), 50, null, default);

        Assert.That(all.Reservations.Select(r => r.ReservationId), Is.EquivalentTo(sold.Select(r => r.ReservationId)));
        Assert.That(
            all.Reservations.SelectMany(r => r.Allocations),
            Is.EquivalentTo(sold.SelectMany(r => r.Allocations).Select(a => a with { Confirmed = a.Quantity }))
        );
    }

    [Test]
    public async Task The_books_are_still_consistent()
    {
        var steps = new List<VerifyStep>();
        await foreach (var step in new VerifyInventory(Database.Cell).ExecuteAsync(default))
        {
            steps.Add(step);
        }

        Assert.That(((VerifyResult)steps[^1]).Violations, Is.Zero);
        Assert.That(await Then.Violations(), Is.Empty);
    }
}
