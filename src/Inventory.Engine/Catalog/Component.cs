namespace Inventory.Engine.Catalog;

/// <summary>A part of a kit.</summary>
/// <param name="Sku">The part's SKU; in a request its id serves too.</param>
/// <param name="Quantity">How much of it is in one kit, in the part's base unit.</param>
public readonly record struct Component(string Sku, long Quantity)
{
    /// <summary>The most parts of a kit.</summary>
    public const int CountMax = 50;

    /// <summary>The most of one part in a kit: what orders ask of parts stays far from overflow.</summary>
    public const long QuantityMax = 10_000;
}
