using Inventory.Engine.Database;
using Inventory.Engine.Journal;

namespace Inventory.Engine.Availability;

/// <summary>
/// Notices which warehouses have begun or ceased to serve, and whom of the watchers that concerns: it is in no journal,
/// because no stock has moved.
/// </summary>
internal sealed class ServingWarehouses(StockDirectory directory)
{
    private readonly Queue<long> itemIds = new();
    private readonly HashSet<int> changed = [];
    private WarehouseList? known;

    /// <summary>Whether items are left to be told of.</summary>
    internal bool AnyLeft => itemIds.Count > 0;

    /// <summary>Looks anew.</summary>
    /// <param name="byItem">All items of whom anyone watches are to be looked at.</param>
    /// <param name="byWarehouse">Who watches a warehouse that has changed begins anew.</param>
    internal void Look(WatchIndex<long, AvailabilityWatch> byItem, WatchIndex<int, AvailabilityWatch> byWarehouse)
    {
        var now = directory.Warehouses;
        var before = known ?? now;
        known = now;
        if (ReferenceEquals(now, before))
        {
            return;
        }

        var found = now.All.Where(w => before.Find(w.WarehouseId) is { } b && b.Active != w.Active).ToList();
        foreach (var warehouse in found)
        {
            changed.Add(warehouse.WarehouseId);
            foreach (var watch in byWarehouse.Find(warehouse.WarehouseId))
            {
                watch.RestartWalk();
            }
        }

        if (found.Count > 0)
        {
            itemIds.Clear();
            foreach (var itemId in byItem.Keys)
            {
                itemIds.Enqueue(itemId);
            }
        }
    }

    /// <summary>The next items that may have something there.</summary>
    internal long[] Next(int limit)
    {
        var next = new List<long>();
        while (next.Count < limit && itemIds.TryDequeue(out var itemId))
        {
            next.Add(itemId);
        }

        return [.. next];
    }

    /// <summary>Whether a watch of an item sees one of the warehouses that have changed.</summary>
    internal bool Concerns(AvailabilityWatch watch, ItemLevels item) =>
        Array.Exists(item.Rows, r => changed.Contains(r.WarehouseId) && watch.Wants(r.WarehouseId));

    /// <summary>All have been told.</summary>
    internal void Done() => changed.Clear();
}
