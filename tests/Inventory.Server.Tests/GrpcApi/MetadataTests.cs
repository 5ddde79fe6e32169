using Grpc.Core;
using NUnit.Framework;

namespace Inventory.Server.Tests.GrpcApi;

[Parallelizable(ParallelScope.Self)]
public sealed class MetadataTests
{
    [Test]
    public void Keys_are_kept_in_lower_case() =>
        Assert.That(new Metadata.Entry("X-Request.Id_1", "a").Key, Is.EqualTo("x-request.id_1"));

    [TestCase("a b")]
    [TestCase("a:b")]
    [TestCase("/a")]
    [TestCase("ä")]
    [TestCase("a\n")]
    public void Keys_of_other_characters_are_refused(string key)
    {
        Assert.That(() => new Metadata.Entry(key, "a"), Throws.ArgumentException);
        Assert.That(() => new Metadata.Entry(key + "-bin", [1]), Throws.ArgumentException);
    }

    [Test]
    public void An_empty_key_is_refused() => Assert.That(() => new Metadata.Entry("", "a"), Throws.ArgumentException);

    [Test]
    public void The_end_of_the_key_says_whether_the_value_is_binary()
    {
        Assert.That(new Metadata.Entry("a", "b").IsBinary, Is.False);
        Assert.That(new Metadata.Entry("a-BIN", [1]).IsBinary, Is.True);
        Assert.That(() => new Metadata.Entry("a-Bin", "b"), Throws.ArgumentException);
        Assert.That(() => new Metadata.Entry("a", [1]), Throws.ArgumentException);
    }

    [Test]
    public void Null_is_neither_a_key_nor_a_value_nor_an_entry()
    {
        var metadata = new Metadata { { "a", "1" } };

        Assert.That(() => new Metadata.Entry(null!, "a"), Throws.ArgumentNullException);
        Assert.That(() => new Metadata.Entry("a", (string)null!), Throws.ArgumentNullException);
        Assert.That(() => new Metadata.Entry("a-bin", (byte[])null!), Throws.ArgumentNullException);
        Assert.That(() => metadata.Add(null!), Throws.ArgumentNullException);
        Assert.That(() => metadata.Insert(0, null!), Throws.ArgumentNullException);
        Assert.That(() => metadata[0] = null!, Throws.ArgumentNullException);
    }

    [Test]
    public void Text_reads_as_text_and_as_ascii_bytes()
    {
        var entry = new Metadata.Entry("a", "1 ~");

        Assert.That(entry.Value, Is.EqualTo("1 ~"));
        Assert.That(entry.ValueBytes, Is.EqualTo(new byte[] { 0x31, 0x20, 0x7E }));
    }

    [Test]
    public void Bytes_do_not_read_as_text() =>
        Assert.That(() => new Metadata.Entry("a-bin", [1]).Value, Throws.InvalidOperationException);

    [Test]
    public void Bytes_are_copied_in_and_out()
    {
        byte[] given = [1, 2];
        var entry = new Metadata.Entry("a-bin", given);
        given[0] = 9;
        entry.ValueBytes[1] = 9;

        Assert.That(entry.ValueBytes, Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void An_entry_says_what_it_holds()
    {
        Assert.That(new Metadata.Entry("a", "word").ToString(), Does.Contain("a").And.Contain("word"));
        Assert.That(new Metadata.Entry("b-bin", [1]).ToString(), Does.Contain("b-bin"));
    }

    [Test]
    public void Of_a_repeated_key_the_last_value_is_got_and_all_are_in_their_order()
    {
        var metadata = new Metadata
        {
            { "a", "1" },
            { "b", "2" },
            { "A", "3" },
        };

        Assert.That(metadata.GetValue("a"), Is.EqualTo("3"));
        Assert.That(metadata.GetAll("a").Select(entry => entry.Value), Is.EqualTo(new[] { "1", "3" }));
    }

    [Test]
    public void Looking_up_does_not_mind_the_case_of_the_key()
    {
        var metadata = new Metadata { { "a", "1" }, { "b-bin", [2] } };

        Assert.That(metadata.Get("A"), Is.SameAs(metadata[0]));
        Assert.That(metadata.GetValueBytes("B-Bin"), Is.EqualTo(new byte[] { 2 }));
        Assert.That(metadata.GetAll("A"), Is.EqualTo(new[] { metadata[0] }));
    }

    [Test]
    public void A_key_that_is_not_there_gives_nothing()
    {
        var metadata = new Metadata { { "a", "1" } };

        Assert.That(metadata.Get("b"), Is.Null);
        Assert.That(metadata.GetValue("b"), Is.Null);
        Assert.That(metadata.GetValueBytes("b-bin"), Is.Null);
        Assert.That(metadata.GetAll("b"), Is.Empty);
    }

    [Test]
    public void It_is_a_list_of_its_entries()
    {
        var (a, b, c) = (new Metadata.Entry("a", "1"), new Metadata.Entry("b", "2"), new Metadata.Entry("c", "3"));
        var metadata = new Metadata { a, c };
        metadata.Insert(1, b);
        var copy = new Metadata.Entry[3];
        metadata.CopyTo(copy, 0);

        Assert.That(copy, Is.EqualTo(new[] { a, b, c }));
        Assert.That(metadata.IndexOf(c), Is.EqualTo(2));
        Assert.That(metadata.Remove(b), Is.True);
        Assert.That(metadata.Contains(b), Is.False);
        metadata.RemoveAt(0);
        metadata[0] = a;
        Assert.That(metadata, Is.EqualTo(new[] { a }));
        metadata.Clear();
        Assert.That(metadata, Has.Count.Zero);
    }

    [Test]
    public void The_shared_empty_one_never_changes()
    {
        var entry = new Metadata.Entry("a", "1");

        Assert.That(Metadata.Empty.IsReadOnly, Is.True);
        Assert.That(new Metadata().IsReadOnly, Is.False);
        Assert.That(() => Metadata.Empty.Add(entry), Throws.InvalidOperationException);
        Assert.That(() => Metadata.Empty.Add("a", "1"), Throws.InvalidOperationException);
        Assert.That(() => Metadata.Empty.Add("a-bin", [1]), Throws.InvalidOperationException);
        Assert.That(() => Metadata.Empty.Insert(0, entry), Throws.InvalidOperationException);
        Assert.That(() => Metadata.Empty.Remove(entry), Throws.InvalidOperationException);
        Assert.That(() => Metadata.Empty.RemoveAt(0), Throws.InvalidOperationException);
        Assert.That(() => Metadata.Empty.Clear(), Throws.InvalidOperationException);
        Assert.That(() => Metadata.Empty[0] = entry, Throws.InvalidOperationException);
        Assert.That(Metadata.Empty, Has.Count.Zero);
    }
}
