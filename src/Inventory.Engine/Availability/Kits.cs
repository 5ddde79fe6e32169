using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Availability;

/// <summary>Finds items, kits among them, for a read of many.</summary>
internal static class Kits
{
    /// <summary>Items by SKU or public id; what kits are made of is read anew where the read must be strong.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal static async ValueTask<IReadOnlyDictionary<string, ItemRows>> FindAsync(
        StockDirectory directory,
        string[] skusOrIds,
        Consistency consistency,
        CancellationToken cancellation
    )
    {
        var items = await directory.FindAsync(skusOrIds, cancellation);
        if (consistency != Consistency.Strong || !items.Values.Any(i => i.IsKit))
        {
            return items;
        }

        var kits = items.Where(i => i.Value.IsKit).Select(i => i.Key).ToArray();
        var anew = await directory.ReadAsync(kits, cancellation);
        return items.Where(i => !i.Value.IsKit).Concat(anew).ToDictionary(i => i.Key, i => i.Value);
    }

    /// <summary>The items whose stock an item is drawn from: its parts', or its own.</summary>
    internal static IEnumerable<long> StockedBy(ItemRows item) =>
        item.IsKit ? item.Parts.Select(p => p.ItemId) : [item.ItemId];
}
