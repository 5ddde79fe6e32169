using Inventory.Engine.Catalog;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Catalog;

[Parallelizable(ParallelScope.Self)]
public sealed class GtinTests
{
    // Check digits from GS1's own examples and from shelves.
    [TestCase("96385074", "00000096385074")]
    [TestCase("036000291452", "00036000291452")]
    [TestCase("4006381333931", "04006381333931")]
    [TestCase("00012345600012", "00012345600012")]
    public void A_gtin_is_padded_to_fourteen_digits(string text, string expected)
    {
        var read = Gtin.TryParse(text, out var gtin);

        Assert.That(read, Is.True);
        Assert.That(gtin.ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void A_gtin_is_the_same_however_long_it_was_written()
    {
        bool[] read = [Gtin.TryParse("036000291452", out var gtin12), Gtin.TryParse("0036000291452", out var gtin13)];

        Assert.That(read, Is.All.True);
        Assert.That(gtin12, Is.EqualTo(gtin13));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("9638507")]
    [TestCase("963850745")]
    [TestCase("96385O74")]
    [TestCase("９６３８５０７４")]
    [TestCase(" 96385074")]
    [TestCase("100036000291452")]
    public void What_is_no_gtin_is_not_read(string? text) => Assert.That(Gtin.TryParse(text, out _), Is.False);

    [Test]
    public void Any_one_wrong_digit_is_noticed()
    {
        var right = Some.Gtin13();

        var wrong =
            from place in Enumerable.Range(0, 13)
            from digit in "0123456789"
            where right[place] != digit
            select $"{right[..place]}{digit}{right[(place + 1)..]}";

        Assert.That(Gtin.TryParse(right, out _), Is.True);
        Assert.That(wrong.Where(w => Gtin.TryParse(w, out _)), Is.Empty);
    }
}
