namespace Inventory.Engine.Journal;

/// <summary>Who watches what. For the feed's loop alone.</summary>
internal sealed class WatchIndex<TKey, TWatch>
    where TKey : notnull
{
    private readonly Dictionary<TKey, List<TWatch>> watches = [];

    internal bool IsEmpty => watches.Count == 0;

    internal IEnumerable<TKey> Keys => watches.Keys;

    internal void Add(TKey key, TWatch watch)
    {
        if (!watches.TryGetValue(key, out var same))
        {
            watches.Add(key, same = []);
        }

        same.Add(watch);
    }

    internal void Remove(TKey key, TWatch watch)
    {
        if (watches.TryGetValue(key, out var same) && same.Remove(watch) && same.Count == 0)
        {
            watches.Remove(key);
        }
    }

    internal IReadOnlyList<TWatch> Find(TKey key) =>
        watches.TryGetValue(key, out var same) ? (IReadOnlyList<TWatch>)same : Array.Empty<TWatch>();
}
