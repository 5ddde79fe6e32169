using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Catalog;

/// <summary>One of an item's own names; the other is none.</summary>
internal readonly record struct ItemName(long? ItemId, string? Sku)
{
    /// <summary>Several items have what was asked for, so none is meant.</summary>
    internal bool IsAmbiguous { get; private init; }

    internal static ItemName Of(string skuOrId) =>
        PublicId.TryParseItem(skuOrId, out var id) ? new(id, null) : new(null, skuOrId);

    /// <param name="cell">Who knows products.</param>
    /// <param name="name">A SKU or id, or what the product service calls a product.</param>
    /// <param name="isProduct">The latter; where no product has the name, it is a SKU or id.</param>
    /// <param name="cancellation">Ends the look-up.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal static async Task<ItemName> FindAsync(
        Cell cell,
        string name,
        bool isProduct,
        CancellationToken cancellation
    )
    {
        if (!isProduct)
        {
            return Of(name);
        }

        return await ProductVariants.FindAsync(cell, name, cancellation) switch
        {
            [] => Of(name),
            [var variant] => new(variant.ItemId, null),
            // A name of nothing: the statement that gets it can only say that the request was answered before.
            _ => new(null, null) { IsAmbiguous = true },
        };
    }
}
