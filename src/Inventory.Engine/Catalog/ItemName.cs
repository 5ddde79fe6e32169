using Inventory.Engine.Database;

namespace Inventory.Engine.Catalog;

/// <summary>One of an item's own names; the other is none.</summary>
internal readonly record struct ItemName(long? ItemId, string? Sku)
{
    internal static ItemName Of(string skuOrId) =>
        PublicId.TryParseItem(skuOrId, out var id) ? new(id, null) : new(null, skuOrId);
}
