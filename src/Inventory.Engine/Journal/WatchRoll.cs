namespace Inventory.Engine.Journal;

/// <summary>
/// The watches of one kind, from their coming to their going, and how many there may be. Callers add; the feed's loop
/// does the rest.
/// </summary>
internal sealed class WatchRoll<TWatch>(Func<TWatch, FeedPlace> place, Func<TWatch, int> weight)
{
    private readonly Lock gate = new();
    private readonly Queue<TWatch> coming = new();
    private readonly List<TWatch> present = [];
    private int count;
    private int weights;

    /// <summary>Those who have come and not gone, as far as is known.</summary>
    internal int Count => Volatile.Read(ref count);

    /// <summary>Those who have been let in.</summary>
    internal IReadOnlyList<TWatch> Present => present;

    internal bool TryAdd(TWatch watch, int countMax, int weightsMax)
    {
        lock (gate)
        {
            if (count >= countMax || weights + weight(watch) > weightsMax)
            {
                return false;
            }

            count++;
            weights += weight(watch);
            coming.Enqueue(watch);
            return true;
        }
    }

    /// <summary>Lets in the next who waits.</summary>
    internal bool TryLetIn(out TWatch watch)
    {
        lock (gate)
        {
            while (coming.TryDequeue(out watch!))
            {
                present.Add(watch);
                if (place(watch).State != FeedState.Gone)
                {
                    return true;
                }
            }

            return false;
        }
    }

    internal bool AnyoneComes()
    {
        lock (gate)
        {
            return coming.Count > 0;
        }
    }

    /// <summary>Lets go of those who have left.</summary>
    /// <returns>They, to be taken out of whatever else names them.</returns>
    internal List<TWatch> LetGo()
    {
        var gone = new List<TWatch>();
        present.RemoveAll(HasLeft);
        lock (gate)
        {
            for (var left = coming.Count; left > 0; left--)
            {
                var watch = coming.Dequeue();
                if (!HasLeft(watch))
                {
                    coming.Enqueue(watch);
                }
            }

            count -= gone.Count;
            weights -= gone.Sum(weight);
        }

        return gone;

        bool HasLeft(TWatch watch)
        {
            var left = place(watch).State == FeedState.Gone;
            if (left)
            {
                gone.Add(watch);
            }

            return left;
        }
    }

    /// <summary>Those who wait to be let in learn why they are not.</summary>
    internal void Fail(Exception cause)
    {
        lock (gate)
        {
            foreach (var watch in coming)
            {
                place(watch).Fail(cause);
            }
        }
    }
}
