namespace Inventory.Engine.Reservations;

/// <summary>
/// The fewest places that together have enough of everything; of equally few, the first in the order of the places.
/// Exact for one thing, however many places; for many things exact while the search is short, and from then on near:
/// it picks what helps most, and drops what proves not to be needed.
/// </summary>
internal static class Cover
{
    // Bounds the search by what it costs, not by what it is for: it runs where batches are judged.
    private const int WorkMax = 200_000;

    /// <param name="left">By place, in the order of preference, and by thing: what is there; never negative.</param>
    /// <param name="missing">By thing: what is needed, 0 or more.</param>
    /// <returns>Places, in their order; none if all together have too little.</returns>
    internal static int[]? Find(long[][] left, long[] missing)
    {
        for (var thing = 0; thing < missing.Length; thing++)
        {
            if (Greatest(left, thing, 0, left.Length) < missing[thing])
            {
                return null;
            }
        }

        var picked = new List<int>(left.Length);
        for (var count = 0; count <= left.Length; count++)
        {
            // Of one thing the bound is exact, so a count takes at most two looks at each place.
            var looks = Math.Max(2 * left.Length + 2, WorkMax / Math.Max(1, left.Length * missing.Length));
            picked.Clear();
            if (TryPick(left, [.. missing], 0, count, picked, ref looks))
            {
                return [.. picked];
            }

            if (looks <= 0)
            {
                return Near(left, missing);
            }
        }

        return null;
    }

    private static bool TryPick(long[][] left, long[] missing, int place, int count, List<int> picked, ref int looks)
    {
        if (Array.TrueForAll(missing, m => m == 0))
        {
            return true;
        }

        if (count == 0 || place == left.Length || looks-- <= 0)
        {
            return false;
        }

        for (var thing = 0; thing < missing.Length; thing++)
        {
            if (Greatest(left, thing, place, count) < missing[thing])
            {
                return false;
            }
        }

        picked.Add(place);
        var rest = new long[missing.Length];
        for (var thing = 0; thing < missing.Length; thing++)
        {
            rest[thing] = Math.Max(0, missing[thing] - left[place][thing]);
        }

        if (TryPick(left, rest, place + 1, count - 1, picked, ref looks))
        {
            return true;
        }

        picked.RemoveAt(picked.Count - 1);
        return TryPick(left, missing, place + 1, count, picked, ref looks);
    }

    /// <summary>The most that so many places, from one on, have of a thing.</summary>
    private static long Greatest(long[][] left, int thing, int from, int count)
    {
        var amounts = new long[left.Length - from];
        for (var place = from; place < left.Length; place++)
        {
            amounts[place - from] = left[place][thing];
        }

        Array.Sort(amounts);
        var sum = 0L;
        for (var i = 1; i <= Math.Min(count, amounts.Length); i++)
        {
            sum = SafeSum(sum, amounts[^i]);
        }

        return sum;
    }

    private static int[] Near(long[][] left, long[] missing)
    {
        var picked = new List<int>();
        var rest = missing.ToArray();
        while (Array.Exists(rest, r => r > 0))
        {
            var best = Enumerable
                .Range(0, left.Length)
                .Where(p => !picked.Contains(p))
                .MaxBy(p => rest.Select((r, thing) => Math.Min(r, left[p][thing])).Aggregate(SafeSum));
            picked.Add(best);
            for (var thing = 0; thing < rest.Length; thing++)
            {
                rest[thing] = Math.Max(0, rest[thing] - left[best][thing]);
            }
        }

        foreach (var place in picked.OrderDescending().ToArray())
        {
            var others = picked.Where(p => p != place).ToArray();
            if (
                missing.Select((m, thing) => others.Select(p => left[p][thing]).Aggregate(0L, SafeSum) >= m).All(m => m)
            )
            {
                picked.Remove(place);
            }
        }

        picked.Sort();
        return [.. picked];
    }

    // A shelf of which nothing is known has all that a number can say.
    private static long SafeSum(long a, long b) => Math.Min(a, long.MaxValue / 2) + Math.Min(b, long.MaxValue / 2);
}
