using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Availability;

/// <summary>
/// Says whether a cart could be held now, line by line, as a reservation would be judged: lines that name their
/// warehouse are served before lines that do not, and those draw on all active warehouses together. Kits are judged by
/// their parts, beside all else that the cart asks of them.
/// </summary>
public sealed class CheckAvailability(StockDirectory directory, CachedLevels levels)
{
    /// <param name="lines">1 to 100, quantities validated.</param>
    /// <param name="consistency">How fresh it must be.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is needed, and away.</exception>
    public async ValueTask<CartAvailability> ExecuteAsync(
        IReadOnlyList<CartLine> lines,
        Consistency consistency,
        CancellationToken cancellation
    )
    {
        var items = await Kits.FindAsync(
            directory,
            [.. lines.Select(l => l.Sku).Distinct()],
            consistency,
            cancellation
        );
        var itemIds = items.Values.SelectMany(Kits.StockedBy).Distinct().ToArray();
        if (await levels.FindAsync(itemIds, consistency, cancellation) is not { } found)
        {
            return new(AvailabilityOutcome.Overloaded, false, [], null);
        }

        if (found.Any(f => !Shelves.Knows(directory.Warehouses, f.Levels)))
        {
            await directory.RefreshWarehousesAsync(cancellation);
        }

        var stock = found.ToDictionary(f => f.Levels.ItemId, f => new CartStock(f.Levels));
        var resolved = new CartDemand?[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var warehouse = line.Warehouse is null
                ? null
                : await directory.FindWarehouseAsync(line.Warehouse, cancellation);
            if (items.TryGetValue(line.Sku, out var item))
            {
                resolved[i] = new(item, warehouse, stock);
                if (line.Warehouse is null || warehouse is not null)
                {
                    resolved[i]!.Ask(line.Quantity);
                }
            }
        }

        var warehouses = directory.Warehouses;
        var judged = lines.Select((line, i) => Judge(line, resolved[i], warehouses)).ToArray();
        return new(
            AvailabilityOutcome.Found,
            Array.TrueForAll(judged, a => a.Verdict == CartVerdict.Available),
            judged,
            found.Length == 0 ? null : found.Select(f => f.Freshness).Aggregate(Freshness.Oldest)
        );
    }

    private static CartLineAnswer Judge(CartLine line, CartDemand? demand, WarehouseList warehouses)
    {
        if (demand is null)
        {
            return new(line, CartVerdict.SkuUnknown, 0);
        }

        if (line.Warehouse is not null && demand.Warehouse is null)
        {
            return new(line, CartVerdict.WarehouseUnknown, 0);
        }

        if (demand.IsDiscontinued)
        {
            return new(line, CartVerdict.ItemDiscontinued, 0);
        }

        if (demand.Warehouse is { Active: false })
        {
            return new(line, CartVerdict.WarehouseInactive, 0);
        }

        var verdict = demand.Fits(warehouses) ? CartVerdict.Available : CartVerdict.StockShort;
        return new(line, verdict, demand.Available(warehouses));
    }
}
