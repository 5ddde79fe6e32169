using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Availability;

/// <summary>Says what can be sold of many SKUs, each by warehouse and in all.</summary>
public sealed class BatchGetAvailability(StockDirectory directory, CachedLevels levels)
{
    /// <summary>The most SKUs of a request.</summary>
    public const int SkusMax = 200;

    /// <param name="skusOrIds">1 to <see cref="SkusMax"/> SKUs or item ids.</param>
    /// <param name="warehouses">Only these, by code or id; none: all.</param>
    /// <param name="consistency">How fresh it must be.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is needed, and away.</exception>
    public async ValueTask<BatchAvailabilityAnswer> ExecuteAsync(
        IReadOnlyList<string> skusOrIds,
        IReadOnlyList<string> warehouses,
        Consistency consistency,
        CancellationToken cancellation
    )
    {
        var (only, unknown) = await WarehouseFilter.ResolveAsync(directory, warehouses, cancellation);
        if (unknown is not null)
        {
            return new(AvailabilityOutcome.WarehouseUnknown, [], [], unknown);
        }

        var items = await Kits.FindAsync(directory, [.. skusOrIds.Distinct()], consistency, cancellation);
        var known = skusOrIds.Where(items.ContainsKey).Select(text => items[text]).ToArray();
        var itemIds = known.SelectMany(Kits.StockedBy).Distinct().ToArray();
        if (await levels.FindAsync(itemIds, consistency, cancellation) is not { } found)
        {
            return new(AvailabilityOutcome.Overloaded, [], [], null);
        }

        var places = new Dictionary<long, int>(itemIds.Length);
        for (var i = 0; i < itemIds.Length; i++)
        {
            places.Add(itemIds[i], i);
        }

        var shown = new ItemAvailability[known.Length];
        for (var i = 0; i < known.Length; i++)
        {
            var item = known[i];
            shown[i] = item.IsKit
                ? await KitShelves.ShowAsync(
                    item,
                    [.. item.Parts.Select(p => found[places[p.ItemId]])],
                    only,
                    directory,
                    cancellation
                )
                : await Shelves.ShowAsync(item, found[places[item.ItemId]], only, directory, cancellation);
        }

        return new(
            AvailabilityOutcome.Found,
            shown,
            [.. skusOrIds.Where(text => !items.ContainsKey(text)).Distinct()],
            null
        );
    }
}

/// <summary>The answer.</summary>
/// <param name="Outcome">Whether there is one; unknown SKUs are no fault here.</param>
/// <param name="Items">One for each known SKU of the request, in its order.</param>
/// <param name="UnknownSkus">Those that name no item.</param>
/// <param name="Unknown">The warehouse that is not known, if one is not.</param>
public sealed record BatchAvailabilityAnswer(
    AvailabilityOutcome Outcome,
    IReadOnlyList<ItemAvailability> Items,
    IReadOnlyList<string> UnknownSkus,
    string? Unknown
);
