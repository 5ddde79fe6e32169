namespace Inventory.Engine.Database;

/// <summary>The callers' keys of a stock row.</summary>
/// <param name="Sku">The item's SKU.</param>
/// <param name="Warehouse">The warehouse's code.</param>
public sealed record StockOwner(string Sku, string Warehouse);
