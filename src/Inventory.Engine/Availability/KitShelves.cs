using Inventory.Engine.Database;

namespace Inventory.Engine.Availability;

/// <summary>
/// Shows a kit as its parts allow it. It has no stock of its own, so of its amounts only what can be held means
/// anything. Parts of one kit may come from several warehouses: in all there may be more kits than at each together.
/// </summary>
internal static class KitShelves
{
    /// <param name="kit">What it is made of.</param>
    /// <param name="parts">The parts' levels, in the order of the kit's parts.</param>
    /// <param name="only">These warehouses; none given: all.</param>
    /// <param name="directory">For the warehouses' codes.</param>
    /// <param name="cancellation">Ends a look for a warehouse that is new.</param>
    internal static async ValueTask<ItemAvailability> ShowAsync(
        ItemRows kit,
        FoundLevels[] parts,
        IReadOnlyList<WarehouseRow>? only,
        StockDirectory directory,
        CancellationToken cancellation
    )
    {
        if (!Array.TrueForAll(parts, p => Shelves.Knows(directory.Warehouses, p.Levels)))
        {
            await directory.RefreshWarehousesAsync(cancellation);
        }

        var warehouses = directory.Warehouses;
        var shown = parts
            .SelectMany(p => p.Levels.Rows)
            .Select(r => r.WarehouseId)
            .Distinct()
            .Where(id => only is not { Count: > 0 } || only.Any(w => w.WarehouseId == id))
            .Select(id => (Id: id, Code: warehouses.Find(id)?.Code ?? PublicId.Warehouse(id)))
            .OrderBy(w => w.Code, StringComparer.Ordinal)
            .ToArray();
        var amounts = shown.Select(w => new ShownStock(
            w.Code,
            Amounts(Allowed(kit, parts, [w.Id], warehouses)),
            parts.Sum(p => p.Levels.Rows.Where(r => r.WarehouseId == w.Id).Sum(r => r.Version))
        ));
        return new(
            kit.Sku,
            [.. amounts],
            Amounts(Allowed(kit, parts, [.. shown.Select(w => w.Id)], warehouses)),
            parts.Select(p => p.Freshness).Aggregate(Freshness.Oldest)
        );
    }

    private static ShownAmounts Amounts(long available) => new(0, 0, 0, 0, 0, 0, available);

    private static long Allowed(ItemRows kit, FoundLevels[] parts, int[] at, WarehouseList warehouses)
    {
        if (kit.KitDiscontinued)
        {
            return 0;
        }

        var least = long.MaxValue;
        for (var i = 0; i < parts.Length; i++)
        {
            var levels = parts[i].Levels;
            var available = levels
                .Rows.Where(r => at.Contains(r.WarehouseId))
                .Sum(r => Shelves.Available(levels, r, warehouses.Find(r.WarehouseId)));
            least = Math.Min(least, available / kit.Parts[i].Quantity);
        }

        return least;
    }
}
