using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Inventory.Engine.Database;

/// <summary>
/// A bounded map that forgets what has not been used for longest, roughly: when the young generation is full it
/// becomes the old one, and what is found in the old one moves up. Reads take no lock.
/// </summary>
internal sealed class TwoGenerations<TKey, TValue>(int countMax, IEqualityComparer<TKey> comparer)
    where TKey : notnull
{
    private readonly Lock turning = new();
    private volatile ConcurrentDictionary<TKey, TValue> young = new(comparer);
    private volatile ConcurrentDictionary<TKey, TValue> old = new(comparer);
    private int youngCount;

    internal bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (young.TryGetValue(key, out value))
        {
            return true;
        }

        if (old.TryGetValue(key, out value))
        {
            Set(key, value);
            return true;
        }

        return false;
    }

    internal void Set(TKey key, TValue value)
    {
        var target = young;
        if (target.TryAdd(key, value))
        {
            if (Interlocked.Increment(ref youngCount) > countMax / 2)
            {
                Turn(target);
            }
        }
        else
        {
            target[key] = value;
        }
    }

    internal void Remove(TKey key)
    {
        young.TryRemove(key, out _);
        old.TryRemove(key, out _);
    }

    private void Turn(ConcurrentDictionary<TKey, TValue> full)
    {
        lock (turning)
        {
            if (ReferenceEquals(young, full))
            {
                old = full;
                young = new(comparer);
                youngCount = 0;
            }
        }
    }
}
