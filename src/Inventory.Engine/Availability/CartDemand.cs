using Inventory.Engine.Database;

namespace Inventory.Engine.Availability;

/// <summary>What a cart's line draws on: an item's stock, or that of a kit's parts.</summary>
/// <param name="item">The item, or the kit.</param>
/// <param name="warehouse">The one that the line names.</param>
/// <param name="stock">Of all items that the cart draws on.</param>
internal sealed class CartDemand(ItemRows item, WarehouseRow? warehouse, Dictionary<long, CartStock> stock)
{
    private readonly (CartStock Stock, long Each)[] parts = item.IsKit
        ? [.. item.Parts.Select(p => (stock[p.ItemId], p.Quantity))]
        : [(stock[item.ItemId], 1)];

    internal WarehouseRow? Warehouse => warehouse;

    internal bool IsDiscontinued => item.KitDiscontinued || Array.Exists(parts, p => p.Stock.Item.Discontinued);

    internal void Ask(long quantity)
    {
        foreach (var (part, each) in parts)
        {
            part.Ask(warehouse, quantity * each);
        }
    }

    /// <summary>Whether all that the cart asks of its stock is there.</summary>
    internal bool Fits(WarehouseList warehouses) =>
        Array.TrueForAll(parts, p => p.Stock.Asked(warehouse) <= p.Stock.Available(warehouse, warehouses));

    /// <summary>
    /// What there is for it and for all that draws on the same stock; of a kit as many as the parts allow.
    /// </summary>
    internal long Available(WarehouseList warehouses) =>
        parts.Min(p => p.Stock.Available(warehouse, warehouses) / p.Each);
}
