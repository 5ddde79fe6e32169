using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Draws the whole order from as few warehouses as will do, and each line within them from as few as will do. Those
/// that lines name are shipped from anyway and count for nothing.
/// </summary>
internal static class FewestSplits
{
    internal static bool TryTake(Demand[] demands, long[]? amounts, Draw draw, WarehouseList warehouses)
    {
        var anywhere = Array.FindAll(demands, d => d.IsAnywhere && d.Wanted(amounts) > 0);
        if (anywhere.Length == 0)
        {
            return true;
        }

        if (Array.Exists(anywhere, d => d.IsClosed))
        {
            return false;
        }

        var named = demands.Where(d => !d.IsAnywhere && d.Wanted(amounts) > 0).Select(d => d.Warehouse!.WarehouseId);
        if (Choose(anywhere, amounts, draw, warehouses, [.. named]) is not { } chosen)
        {
            return false;
        }

        return Array.TrueForAll(anywhere, d => TryTake(d, d.Wanted(amounts), draw, chosen));
    }

    /// <summary>Takes one line, from as few of the order's warehouses as will do.</summary>
    private static bool TryTake(Demand demand, long quantity, Draw draw, HashSet<int> warehouses)
    {
        var rows = Array.FindAll(demand.Rows, r => warehouses.Contains(r.WarehouseId));
        var left = Array.ConvertAll(rows, r => new[] { draw.Left(r.StockId) });
        return Cover.Find(left, [quantity]) is { } places && draw.TryTake([.. places.Select(p => rows[p])], quantity);
    }

    /// <returns>The order's warehouses, with those that lines name; none if all together have too little.</returns>
    private static HashSet<int>? Choose(
        Demand[] anywhere,
        long[]? amounts,
        Draw draw,
        WarehouseList warehouses,
        HashSet<int> named
    )
    {
        var items = anywhere.GroupBy(d => d.Item!.ItemId).ToList();
        var missing = items.ConvertAll(i => i.Sum(d => d.Wanted(amounts))).ToArray();
        var left = new Dictionary<int, long[]>();
        for (var i = 0; i < items.Count; i++)
        {
            foreach (var row in items[i].First().Rows)
            {
                if (named.Contains(row.WarehouseId))
                {
                    missing[i] -= Math.Min(missing[i], draw.Left(row.StockId));
                }
                else
                {
                    var at = left.TryGetValue(row.WarehouseId, out var known)
                        ? known
                        : left[row.WarehouseId] = new long[items.Count];
                    at[i] = draw.Left(row.StockId);
                }
            }
        }

        var ranked = left.Keys.OrderBy(warehouses.Rank).ToArray();
        if (Cover.Find([.. ranked.Select(w => left[w])], missing) is not { } places)
        {
            return null;
        }

        named.UnionWith(places.Select(p => ranked[p]));
        return named;
    }
}
