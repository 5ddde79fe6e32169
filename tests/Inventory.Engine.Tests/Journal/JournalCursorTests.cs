using Inventory.Engine.Journal;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal;

[Parallelizable(ParallelScope.Self)]
public sealed class JournalCursorTests
{
    [Test]
    public void A_cursor_between_two_passes_is_read_back_as_it_was_kept()
    {
        var cursor = new JournalCursor(3, "770:775:771,773", 4_000_000_000);

        Assert.That(JournalCursor.TryParse(cursor.ToString(), out var read));
        Assert.That(read, Is.EqualTo(cursor));
    }

    [Test]
    public void A_cursor_within_a_pass_is_read_back_as_it_was_kept()
    {
        var pass = new JournalPass("780:790:780,785", 120, new DateTime(2031, 2, 3, 4, 5, 6, DateTimeKind.Utc), 117);
        var cursor = new JournalCursor(1, "770:775:", 90, pass);

        Assert.That(JournalCursor.TryParse(cursor.ToString(), out var read));
        Assert.That(read, Is.EqualTo(cursor));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("1;3:3:")]
    [TestCase("1;3:3:;-1")]
    [TestCase("1;3:3:'; DROP TABLE stock;0")]
    [TestCase("1;3:3:;99999999999999999999")]
    [TestCase("1;3:3:;0;5:5:;1")]
    public void What_is_no_cursor_is_not_read(string? text) =>
        Assert.That(JournalCursor.TryParse(text, out _), Is.False);
}
