using Inventory.Engine.Reservations;
using Inventory.Engine.Reservations.Waiting;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations.Waiting;

/// <summary>How goods are shared out among lines that wait.</summary>
public sealed class ShareOutTests
{
    private const long Item = 9;

    [TestCase(ReserveSource.Priority, 1, 3, 4)]
    [TestCase(ReserveSource.HighestStock, 0, 2, 6)]
    [TestCase(ReserveSource.FewestSplits, 0, 3, 5)]
    public void A_line_is_drawn_as_its_source_says(ReserveSource source, long first, long second, long third)
    {
        var claims = ShareOut.Among([Row(1, 1), Row(2, 3), Row(3, 6)], [Line(1, null, 8, source)]);

        Assert.That(Assigned(claims, 1), Is.EqualTo(new[] { first, second, third }));
        Assert.That(claims.Select(c => c.Quantity), Is.EqualTo(claims.Select(c => c.Assigned)));
    }

    [Test]
    public void What_is_lacking_is_claimed_at_each_row_that_may_serve()
    {
        var claims = ShareOut.Among([Row(1, 1), Row(2, 0), Row(3, 5, isOpen: false)], [Line(1, null, 4)]);

        Assert.That(claims, Is.EqualTo(new[] { new WaitingClaim(1, 1, 1, 1, 4), new WaitingClaim(1, 1, 2, 0, 3) }));
    }

    [Test]
    public void Who_came_first_is_served_first_and_a_named_warehouse_serves_alone_even_while_it_is_closed()
    {
        var claims = ShareOut.Among(
            [Row(1, 3), Row(2, 4), Row(3, 5, isOpen: false)],
            [Line(1, null, 5), Line(2, 1, 1), Line(3, 2, 2), Line(4, 3, 5)]
        );

        Assert.That(Assigned(claims, 1), Is.EqualTo(new[] { 3, 2, 0 }));
        Assert.That(claims.Single(c => c.Place == 2), Is.EqualTo(new WaitingClaim(2, 1, 1, 0, 1)));
        Assert.That(claims.Single(c => c.Place == 3), Is.EqualTo(new WaitingClaim(3, 1, 2, 2, 2)));
        Assert.That(claims.Single(c => c.Place == 4), Is.EqualTo(new WaitingClaim(4, 1, 3, 0, 5)));
    }

    [Test]
    public void Less_than_nothing_is_nothing()
    {
        var claims = ShareOut.Among([Row(1, -2), Row(2, 3)], [Line(1, null, 2)]);

        Assert.That(claims, Is.EqualTo(new[] { new WaitingClaim(1, 1, 2, 2, 2) }));
    }

    private static WaitingRow Row(int warehouse, long free, bool isOpen = true) =>
        new(warehouse, Item, warehouse, isOpen, free);

    private static WaitingLine Line(
        long place,
        int? warehouse,
        long quantity,
        ReserveSource source = ReserveSource.Priority
    ) => new(place, 1, Item, warehouse, source, quantity);

    private static long[] Assigned(IEnumerable<WaitingClaim> claims, long place)
    {
        var byRow = claims.Where(c => c.Place == place).ToDictionary(c => c.StockId, c => c.Assigned);
        return [.. Enumerable.Range(1, 3).Select(id => byRow.GetValueOrDefault(id))];
    }
}
