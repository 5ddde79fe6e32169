using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Availability;

/// <summary>
/// Says why an item has what it has: by warehouse, which terms keep stock from being held, and when the next hold
/// lapses. From the tables, in one snapshot; it changes nothing.
/// </summary>
public sealed class ExplainAvailability(Cell cell, StockDirectory directory)
{
    /// <param name="skuOrId">SKU or item id.</param>
    /// <param name="warehouses">Only these, by code or id; none: all.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    /// <exception cref="TimeoutException">Too many look-ups wait.</exception>
    public async Task<AvailabilityExplanation> ExecuteAsync(
        string skuOrId,
        IReadOnlyList<string> warehouses,
        CancellationToken cancellation
    )
    {
        // Read anew: what is remembered may be of an item that is gone.
        if ((await directory.ReadAsync([skuOrId], cancellation)).GetValueOrDefault(skuOrId) is not { } item)
        {
            return new(AvailabilityOutcome.SkuUnknown, "", [], skuOrId);
        }

        var (only, unknown) = await WarehouseFilter.ResolveAsync(directory, warehouses, cancellation);
        if (unknown is not null)
        {
            return new(AvailabilityOutcome.WarehouseUnknown, item.Sku, [], unknown);
        }

        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        long[] itemIds = item.IsKit ? [.. item.Parts.Select(p => p.ItemId)] : [item.ItemId];
        var rows = await ExplainedStock.ReadAsync(connection, itemIds, cancellation);
        var shown = only is null ? rows : rows.FindAll(r => only.Any(w => w.WarehouseId == r.WarehouseId));
        return new(AvailabilityOutcome.Found, item.Sku, shown, null)
        {
            Sellable =
                item.KitDiscontinued ? 0
                : item.IsKit ? item.Parts.Min(p => Sellable(shown, p.ItemId) / p.Quantity)
                : Sellable(shown, item.ItemId),
            Parts = item.Parts,
        };
    }

    private static long Sellable(List<ExplainedStock> rows, long itemId) =>
        rows.Where(r => r.ItemId == itemId).Sum(r => r.Sellable);
}

/// <summary>The answer.</summary>
/// <param name="Outcome">Whether there is one.</param>
/// <param name="Sku">The item's SKU, also when it was asked for by its id.</param>
/// <param name="Stock">By warehouse, in the order in which they are drawn on; of a kit its parts', by SKU.</param>
/// <param name="Unknown">The name that is not known, if one is not.</param>
public sealed record AvailabilityExplanation(
    AvailabilityOutcome Outcome,
    string Sku,
    IReadOnlyList<ExplainedStock> Stock,
    string? Unknown
)
{
    /// <summary>What could be held of it, over all that is shown; of a kit as many as the parts allow.</summary>
    public long Sellable { get; init; }

    /// <summary>What it is made of, if it is a kit.</summary>
    public IReadOnlyList<KitPart> Parts { get; init; } = [];
}
