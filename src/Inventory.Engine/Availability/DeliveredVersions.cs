namespace Inventory.Engine.Availability;

/// <summary>
/// What this node has surely written to the cache of late, so that the follower need not write it again. It forgets: a
/// stock row that shares its place with another is only written once more.
/// </summary>
internal sealed class DeliveredVersions
{
    private const int SlotCount = 1 << 18;

    private readonly Lock gate = new();
    private readonly long[] stockIds = new long[SlotCount];
    private readonly long[] versions = new long[SlotCount];
    private int incarnation;

    /// <summary>Forgets all, unless the cache is still the one that was written to.</summary>
    internal void Begin(int cacheIncarnation)
    {
        lock (gate)
        {
            if (incarnation != cacheIncarnation)
            {
                incarnation = cacheIncarnation;
                Array.Clear(stockIds);
            }
        }
    }

    /// <param name="cacheIncarnation">The cache's before the write: of another one nothing is kept.</param>
    /// <param name="written">What was written.</param>
    internal void Add(int cacheIncarnation, IEnumerable<(long StockId, long Version)> written)
    {
        lock (gate)
        {
            if (incarnation == cacheIncarnation)
            {
                foreach (var (stockId, version) in written)
                {
                    var slot = (int)(stockId & (SlotCount - 1));
                    stockIds[slot] = stockId;
                    versions[slot] = version;
                }
            }
        }
    }

    /// <summary>
    /// Of rows with their versions, the ids of those of which this version or a later one may not have been written.
    /// </summary>
    internal List<long> Missing(IEnumerable<(long StockId, long Version)> rows)
    {
        lock (gate)
        {
            var missing = new List<long>();
            foreach (var (stockId, version) in rows)
            {
                var slot = (int)(stockId & (SlotCount - 1));
                if (stockIds[slot] != stockId || versions[slot] < version)
                {
                    missing.Add(stockId);
                }
            }

            return missing;
        }
    }
}
