using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Availability;

/// <summary>
/// Says whether a cart could be held now, line by line, as a reservation would be judged: lines that name their
/// warehouse are served before lines that do not, and those draw on all active warehouses together.
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
        var items = await directory.FindAsync([.. lines.Select(l => l.Sku).Distinct()], cancellation);
        var itemIds = items.Values.Select(i => i.ItemId).Distinct().ToArray();
        if (await levels.FindAsync(itemIds, consistency, cancellation) is not { } found)
        {
            return new(AvailabilityOutcome.Overloaded, false, [], null);
        }

        if (found.Any(f => !Shelves.Knows(directory.Warehouses, f.Levels)))
        {
            await directory.RefreshWarehousesAsync(cancellation);
        }

        var stock = found.ToDictionary(f => f.Levels.ItemId, f => new CartStock(f.Levels));
        var resolved = new (CartStock? Stock, WarehouseRow? Warehouse)[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var warehouse = line.Warehouse is null
                ? null
                : await directory.FindWarehouseAsync(line.Warehouse, cancellation);
            resolved[i] = (items.TryGetValue(line.Sku, out var known) ? stock[known.ItemId] : null, warehouse);
            if (line.Warehouse is null || warehouse is not null)
            {
                resolved[i].Stock?.Ask(warehouse, line.Quantity);
            }
        }

        var warehouses = directory.Warehouses;
        var answers = lines.Select((line, i) => Judge(line, resolved[i].Stock, resolved[i].Warehouse, warehouses));
        var judged = answers.ToArray();
        return new(
            AvailabilityOutcome.Found,
            Array.TrueForAll(judged, a => a.Verdict == CartVerdict.Available),
            judged,
            found.Length == 0 ? null : found.Select(f => f.Freshness).Aggregate(Freshness.Oldest)
        );
    }

    private static CartLineAnswer Judge(
        CartLine line,
        CartStock? stock,
        WarehouseRow? warehouse,
        WarehouseList warehouses
    )
    {
        if (stock is null)
        {
            return new(line, CartVerdict.SkuUnknown, 0);
        }

        if (line.Warehouse is not null && warehouse is null)
        {
            return new(line, CartVerdict.WarehouseUnknown, 0);
        }

        if (stock.Item.Discontinued)
        {
            return new(line, CartVerdict.ItemDiscontinued, 0);
        }

        if (warehouse is { Active: false })
        {
            return new(line, CartVerdict.WarehouseInactive, 0);
        }

        var available = stock.Available(warehouse, warehouses);
        var fits = stock.Asked(warehouse) <= available;
        return new(line, fits ? CartVerdict.Available : CartVerdict.StockShort, available);
    }
}
