using Inventory.Engine.Reservations;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

/// <summary>A kit's hold ends in parts by the SKUs of what it is made of.</summary>
[TestFixture]
public sealed class KitPartTests : PartFixture
{
    [Test]
    public async Task What_was_sold_of_a_row_that_two_lines_share_is_told_once()
    {
        var (leg, top) = (await Given.Stock(onHand: 20), await Given.Stock(onHand: 5));
        var kit = await Given.Kit((leg, 4), (top, 1));
        var hold = (await Reserve(Some.Reserve((kit, 2), (leg, 3)))).Reservation!;

        var answer = await Node.Part.ExecuteAsync(Confirm(hold, (leg, 9)) with { KeepsRemainder = true }, default);
        var found = (await Node.Get.ExecuteAsync(hold.ReservationId, default)).Reservation!;

        var shares = found.Lines!.SelectMany(l => l.Allocations).Where(a => a.Sku == leg).ToList();
        Assert.That(answer.Outcome, Is.EqualTo(EndOutcome.Ended));
        Assert.That(shares.Sum(s => s.Quantity), Is.EqualTo(11));
        Assert.That(shares.Sum(s => s.Confirmed), Is.EqualTo(9));
        Assert.That(shares.Select(s => s.Confirmed + s.Released <= s.Quantity), Is.All.True);
    }
}
