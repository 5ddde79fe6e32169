using Inventory.Engine.Replenishment;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Replenishment;

[Parallelizable(ParallelScope.Self)]
public sealed class ReorderRuleTests
{
    private const long Most = (1L << 53) - 1;

    [TestCase(6, 0L, Description = "above the point there is no need")]
    [TestCase(5, 10L, Description = "at the point one lot")]
    [TestCase(-4, 10L, Description = "one lot brings it to 6")]
    [TestCase(-5, 20L, Description = "one lot would bring it to 5, which is the point")]
    [TestCase(-15, 30L)]
    public void Lots_bring_the_position_above_the_point(long position, long expected) =>
        Assert.That(ReorderRule.Quantity(position, reorderPoint: 5, lot: 10, orderUpTo: null), Is.EqualTo(expected));

    [TestCase(6, 0L)]
    [TestCase(5, 15L)]
    [TestCase(0, 20L)]
    [TestCase(-7, 27L)]
    public void A_maximum_is_filled_up_to(long position, long expected) =>
        Assert.That(ReorderRule.Quantity(position, reorderPoint: 5, lot: null, orderUpTo: 20), Is.EqualTo(expected));

    [Test]
    public void The_largest_amounts_are_not_exceeded()
    {
        Assert.That(ReorderRule.Quantity(-Most, Most, lot: 1, orderUpTo: null), Is.EqualTo(Most));
        Assert.That(ReorderRule.Quantity(-Most, Most, lot: Most, orderUpTo: null), Is.EqualTo(Most));
        Assert.That(ReorderRule.Quantity(-Most, 0, lot: null, orderUpTo: Most), Is.EqualTo(Most));
    }
}
