using FsCheck;
using FsCheck.Fluent;
using Inventory.Engine.Reservations;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reservations;

[Parallelizable(ParallelScope.Self)]
public sealed class CoverTests
{
    // Small enough to try all sets: up to seven places, up to three things.
    private static readonly Gen<(long[][] Left, long[] Missing)> Asks =
        from places in Gen.Choose(0, 7)
        from things in Gen.Choose(1, 3)
        from left in Gen.Choose(0, 6).Select(a => (long)a).ArrayOf(things).ArrayOf(places)
        from missing in Gen.Choose(0, 12).Select(a => (long)a).ArrayOf(things)
        select (left, missing);

    [Test]
    public void The_places_are_the_first_of_the_fewest_that_have_enough() =>
        Prop.ForAll(
                Arb.From(Asks),
                ask =>
                {
                    var found = Cover.Find(ask.Left, ask.Missing);
                    var best = Best(ask.Left, ask.Missing);
                    return (found is null) == (best is null) && (found is null || found.SequenceEqual(best!));
                }
            )
            .QuickCheckThrowOnFailure();

    [Test]
    public void Of_equally_few_places_those_that_are_preferred_are_taken()
    {
        long[][] left =
        [
            [3],
            [9],
            [9],
            [2],
        ];

        Assert.That(Cover.Find(left, [9]), Is.EqualTo([1]));
        Assert.That(Cover.Find(left, [12]), Is.EqualTo([0, 1]));
        Assert.That(Cover.Find(left, [23]), Is.EqualTo([0, 1, 2, 3]));
        Assert.That(Cover.Find(left, [24]), Is.Null);
    }

    [Test]
    public void One_thing_in_a_thousand_places_is_covered_by_the_fewest()
    {
        var left = Enumerable.Range(1, 1_000).Select(i => new[] { (long)i }).ToArray();

        var found = Cover.Find(left, [997 + 998 + 999 + 1_000])!;

        Assert.That(found, Is.EqualTo([996, 997, 998, 999]));
    }

    [Test, CancelAfter(20_000)]
    public void Many_things_in_many_places_are_covered_in_a_bounded_time(CancellationToken cancellation)
    {
        var random = new Random(1);
        var left = Enumerable
            .Range(0, 60)
            .Select(_ => Enumerable.Range(0, 100).Select(_ => (long)random.Next(0, 3)).ToArray())
            .ToArray();
        var missing = Enumerable.Repeat(20L, 100).ToArray();

        var found = Cover.Find(left, missing)!;

        Assert.That(cancellation.IsCancellationRequested, Is.False);
        Assert.That(Has(left, found, missing), Is.True);
        Assert.That(found, Is.Ordered.And.Unique);
        Assert.That(found.Any(p => Has(left, [.. found.Where(q => q != p)], missing)), Is.False, "one is not needed");
    }

    private static int[]? Best(long[][] left, long[] missing) =>
        Enumerable
            .Range(0, 1 << left.Length)
            .Select(set => Enumerable.Range(0, left.Length).Where(p => (set & (1 << p)) != 0).ToArray())
            .Where(set => Has(left, set, missing))
            .OrderBy(set => set.Length)
            .ThenBy(set => string.Concat(set))
            .FirstOrDefault();

    private static bool Has(long[][] left, int[] set, long[] missing) =>
        missing.Select((m, thing) => set.Sum(p => left[p][thing]) >= m).All(enough => enough);
}
