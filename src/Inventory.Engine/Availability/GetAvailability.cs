using System.Runtime.CompilerServices;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Availability;

/// <summary>Says what can be sold of one SKU, by warehouse and in all.</summary>
public sealed class GetAvailability(StockDirectory directory, CachedLevels levels)
{
    /// <param name="skuOrId">SKU or item id.</param>
    /// <param name="warehouses">Only these, by code or id; none: all.</param>
    /// <param name="consistency">How fresh it must be.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is needed, and away.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AvailabilityAnswer> ExecuteAsync(
        string skuOrId,
        IReadOnlyList<string> warehouses,
        Consistency consistency,
        CancellationToken cancellation
    )
    {
        if (
            !directory.TryFind(skuOrId, out var item)
            && !(await directory.FindAsync([skuOrId], cancellation)).TryGetValue(skuOrId, out item!)
        )
        {
            return new(AvailabilityOutcome.SkuUnknown, null, skuOrId);
        }

        var (only, unknown) = await WarehouseFilter.ResolveAsync(directory, warehouses, cancellation);
        if (unknown is not null)
        {
            return new(AvailabilityOutcome.WarehouseUnknown, null, unknown);
        }

        if (item.IsKit)
        {
            return await ShowKitAsync(item, only, consistency, cancellation);
        }

        if (await levels.FindAsync(item.ItemId, consistency, cancellation) is not { } found)
        {
            return new(AvailabilityOutcome.Overloaded, null, null);
        }

        return new(
            AvailabilityOutcome.Found,
            await Shelves.ShowAsync(item, found, only, directory, cancellation),
            null
        );
    }

    private async ValueTask<AvailabilityAnswer> ShowKitAsync(
        ItemRows kit,
        IReadOnlyList<WarehouseRow>? only,
        Consistency consistency,
        CancellationToken cancellation
    )
    {
        if (consistency == Consistency.Strong)
        {
            // What it is made of is a part of the answer.
            kit = (await directory.ReadAsync([kit.Sku], cancellation)).GetValueOrDefault(kit.Sku) ?? kit;
        }

        long[] partIds = [.. kit.Parts.Select(p => p.ItemId)];
        return await levels.FindAsync(partIds, consistency, cancellation) is { } parts
            ? new(
                AvailabilityOutcome.Found,
                await KitShelves.ShowAsync(kit, parts, only, directory, cancellation),
                null
            )
            : new(AvailabilityOutcome.Overloaded, null, null);
    }
}

/// <summary>The answer.</summary>
/// <param name="Outcome">Whether there is one.</param>
/// <param name="Item">What there is, if found.</param>
/// <param name="Unknown">The name that is not known, if one is not.</param>
public readonly record struct AvailabilityAnswer(AvailabilityOutcome Outcome, ItemAvailability? Item, string? Unknown);
