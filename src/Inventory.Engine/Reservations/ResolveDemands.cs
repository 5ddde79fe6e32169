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
        var items = await directory.FindAsync([.. lines.Select(l => l.Sku).Distinct()], cancellation);
        var demands = new Demand[lines.Count];
        for (var i = 0; i < demands.Length; i++)
        {
            var line = lines[i];
            var warehouse = line.Warehouse is null
                ? null
                : await directory.FindWarehouseAsync(line.Warehouse, cancellation);
            var item = items.GetValueOrDefault(line.Sku);
            var isUnknown = item is null || (line.Warehouse is not null && warehouse is null);
            demands[i] = new(
                i,
                line,
                item,
                warehouse,
                isUnknown ? [] : Candidates(item!, warehouse, directory.Warehouses)
            );
        }

        return new(request, lines, demands, directory.Warehouses);
    }

    /// <summary>Resolves anew, from the tables, an attempt that lacks rows that are there.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal async Task<ReserveAttempt> ResolveAnewAsync(ReserveAttempt attempt, CancellationToken cancellation)
    {
        await directory.ReadAsync([.. attempt.Demands.Select(d => d.Line.Sku)], cancellation);
        return await ResolveAsync(attempt.Request, cancellation);
    }

    private static StockRow[] Candidates(ItemRows item, WarehouseRow? warehouse, WarehouseList warehouses) =>
        warehouse is null ? item.ByPriority(warehouses)
        : item.TryGetRow(warehouse.WarehouseId, out var row) ? [row]
        : [];
}
