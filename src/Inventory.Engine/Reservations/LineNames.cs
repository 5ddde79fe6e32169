using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Lines as callers name them, by SKU or item id and warehouse code or id, brought to SKUs and codes. A name that is
/// not known stays as it is: what a reservation sold may be of an item that is gone.
/// </summary>
internal static class LineNames
{
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal static async Task<IReadOnlyList<ReserveLine>> ResolveAsync(
        StockDirectory directory,
        IReadOnlyList<ReserveLine> lines,
        CancellationToken cancellation
    )
    {
        var items = await directory.FindAsync([.. lines.Select(l => l.Sku).Distinct()], cancellation);
        var resolved = new List<ReserveLine>(lines.Count);
        foreach (var line in lines)
        {
            var warehouse = line.Warehouse is { } name
                ? (await directory.FindWarehouseAsync(name, cancellation))?.Code ?? name
                : null;
            resolved.Add(new(items.GetValueOrDefault(line.Sku)?.Sku ?? line.Sku, warehouse, line.Quantity));
        }

        return resolved;
    }
}
