using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>Turns the lines of a request into demands on stock rows.</summary>
internal sealed class ResolveDemands(StockDirectory directory)
{
    /// <summary>From what is remembered.</summary>
    /// <returns>None if anything is not.</returns>
    internal ReserveAttempt? TryResolve(ReserveRequest request)
    {
        var lines = Demand.Sum(request.Lines);
        var warehouses = directory.Warehouses;
        var demands = new Demand[lines.Count];
        for (var i = 0; i < demands.Length; i++)
        {
            var line = lines[i];
            WarehouseRow? warehouse = null;
            if (
                !directory.TryFind(line.Sku, out var item)
                || (line.Warehouse is not null && (warehouse = warehouses.Find(line.Warehouse)) is null)
                // A kit has no rows: what it is made of is read anew for each request.
                || Candidates(item, warehouse, warehouses) is not { Length: > 0 } rows
            )
            {
                return null;
            }

            demands[i] = new(i, line, item, warehouse, rows);
        }

        return new(request, lines, demands, warehouses);
    }

    /// <summary>
    /// What is not remembered is looked up. What is not found is resolved as unknown, so that a replay is found.
    /// </summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal async Task<ReserveAttempt> ResolveAsync(ReserveRequest request, CancellationToken cancellation)
    {
        var lines = Demand.Sum(request.Lines);
        var items = await FindAsync(lines, cancellation);
        var demands = new List<Demand>(lines.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var warehouse = line.Warehouse is null
                ? null
                : await directory.FindWarehouseAsync(line.Warehouse, cancellation);
            var item = items.GetValueOrDefault(line.Sku);
            if (item is not { IsKit: true })
            {
                demands.Add(Resolve(i, line, item, warehouse));
                continue;
            }

            var parts = await directory.FindAsync([.. item.Parts.Select(p => p.Sku)], cancellation);
            foreach (var part in item.Parts)
            {
                var demand = Resolve(i, line, parts.GetValueOrDefault(part.Sku), warehouse);
                demands.Add(demand with { Each = part.Quantity, Kit = item });
            }
        }

        return new(request, lines, [.. demands], directory.Warehouses);
    }

    /// <summary>Resolves anew, from the tables, an attempt that lacks rows that are there.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal async Task<ReserveAttempt> ResolveAnewAsync(ReserveAttempt attempt, CancellationToken cancellation)
    {
        // Parts too: it may be their rows that are missing.
        var skus = attempt.Demands.SelectMany(d => new[] { d.Line.Sku, d.Item?.Sku }).OfType<string>();
        await directory.ReadAsync([.. skus.Distinct()], cancellation);
        return await ResolveAsync(attempt.Request, cancellation);
    }

    /// <summary>
    /// What a kit is made of, and whether it is sold, is in no stock row that the statement could judge by. So it is
    /// read anew: it was so at a moment of this call.
    /// </summary>
    private async Task<IReadOnlyDictionary<string, ItemRows>> FindAsync(
        IReadOnlyList<ReserveLine> lines,
        CancellationToken cancellation
    )
    {
        var found = await directory.FindAsync([.. lines.Select(l => l.Sku).Distinct()], cancellation);
        var kits = found.Where(f => f.Value.IsKit).Select(f => f.Key).ToArray();
        if (kits.Length == 0)
        {
            return found;
        }

        var anew = await directory.ReadAsync(kits, cancellation);
        return found
            .Where(f => !f.Value.IsKit)
            .Concat(anew)
            .ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
    }

    private Demand Resolve(int lineAt, ReserveLine line, ItemRows? item, WarehouseRow? warehouse)
    {
        var isUnknown = item is null || (line.Warehouse is not null && warehouse is null);
        return new(lineAt, line, item, warehouse, isUnknown ? [] : Candidates(item!, warehouse, directory.Warehouses));
    }

    private static StockRow[] Candidates(ItemRows item, WarehouseRow? warehouse, WarehouseList warehouses) =>
        warehouse is null ? item.ByPriority(warehouses)
        : item.TryGetRow(warehouse.WarehouseId, out var row) ? [row]
        : [];
}
