using Dapper;
using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Stock;

/// <summary>What the other tests rely on: the arranged stock adds up, and what does not add up is seen.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class BooksTests : EngineFixture
{
    [Test]
    public async Task Given_stock_adds_up_before_and_after_a_sale()
    {
        var sku = await Given.Stock(onHand: 5, safetyStock: 1, damaged: 1);

        var held = await Hold(sku, quantity: 2);
        await Confirm(held.ReservationId);

        Assert.That(await Then.OnHand(sku), Is.EqualTo(3));
        Assert.That(await Then.State(held.ReservationId), Is.EqualTo(ReservationState.Confirmed));
        Assert.That(await Then.Violations(), Is.Empty);
    }

    [TestCase("UPDATE stock SET on_hand = on_hand + 1")]
    [TestCase("UPDATE stock SET safety_stock = safety_stock + 1")]
    [TestCase("UPDATE stock SET version = version + 1")]
    [TestCase("UPDATE reservation SET state = 5")]
    [TestCase("DELETE FROM journal WHERE version = 1")]
    [TestCase("UPDATE journal SET version = version + 1")]
    public async Task A_row_that_does_not_add_up_is_named(string change)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var node = new EngineNode(database.Cell);
        var sku = await new Given(database.Tables).Stock(onHand: 5);
        await node.Reserve.ExecuteAsync(Some.Reserve(sku), CancellationToken.None);

        await using var connection = await database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(change);

        Assert.That(await new Then(database.Tables).Violations(), Has.Some.Contains(sku));
    }
}
