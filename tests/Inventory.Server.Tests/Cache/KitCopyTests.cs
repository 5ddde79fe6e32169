using Inventory.Engine.Availability;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Cache;

/// <summary>A kit is read from the copies of its parts.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class KitCopyTests : CacheFixture
{
    [Test]
    public async Task A_kit_follows_the_sales_of_its_parts_in_the_cache()
    {
        var (leg, top) = (await Given.Stock(onHand: 9), await Given.Stock(onHand: 5));
        var kit = await Given.Kit((leg, 4), (top, 1));
        await Reading.FollowAsync();
        var before = await Reading.GetCopyAsync(kit);

        await Node.Reserve.ExecuteAsync(Some.Reserve(kit), CancellationToken.None);
        ItemAvailability? after = null;
        await Eventually.TrueAsync(async () => (after = await Reading.GetCopyAsync(kit)).Totals.Available == 1);

        Assert.That(before.Totals.Available, Is.EqualTo(2));
        Assert.That(after!.Freshness.Source, Is.EqualTo(AvailabilitySource.Cache));
        Assert.That((await Reading.GetCopyAsync(leg)).Totals.Available, Is.EqualTo(5));
    }
}
