using System.Globalization;
using Inventory.Engine.Database;

namespace Inventory.Engine.Catalog;

/// <summary>Asks to make an item. It has been validated.</summary>
public sealed record NewItem
{
    /// <summary>The principal; part of the request's identity.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; without one, asking again is another request.</summary>
    public string? RequestId { get; init; }

    /// <summary>1 to 64 characters, not beginning with <see cref="PublicId.ItemPrefix"/>.</summary>
    public required string Sku { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>For people; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>Such as "garden/hoses"; may be empty.</summary>
    public string Category { get; init; } = "";

    /// <summary>The product service's id of the product.</summary>
    public string? ProductId { get; init; }

    /// <summary>The product service's id of the variant.</summary>
    public string? VariantId { get; init; }

    /// <summary>What a customer pays for one.</summary>
    public Money? Price { get; init; }

    /// <summary>What one costs.</summary>
    public Money? UnitCost { get; init; }

    /// <summary>Each of one item only.</summary>
    public IReadOnlyList<Gtin> Barcodes { get; init; } = [];

    /// <summary>What quantities count.</summary>
    public string BaseUnit { get; init; } = "each";

    /// <summary>At or below this amount available, more is to be ordered; none is never.</summary>
    public long? ReorderPoint { get; init; }

    /// <summary>How much is ordered at a time, more than 0.</summary>
    public long? ReorderQuantity { get; init; }

    /// <summary>What is kept back from sale at each warehouse.</summary>
    public long SafetyStock { get; init; }

    /// <summary>Whether it is not sold.</summary>
    public bool Discontinued { get; init; }

    /// <summary>What is there from the beginning, each warehouse once.</summary>
    public IReadOnlyList<OpeningQuantity> Openings { get; init; } = [];

    /// <summary>
    /// What it is made of, if it is a kit: items that are none, each once, at most <see cref="Component.CountMax"/>. A
    /// kit has no openings and no safety stock.
    /// </summary>
    public IReadOnlyList<Component> Components { get; init; } = [];

    /// <summary>
    /// The barcodes as the table has them: each once, in order, so that two requests insert in one order.
    /// </summary>
    internal string[] Gtins => [.. Barcodes.Select(b => b.ToString()).Distinct().Order(StringComparer.Ordinal)];

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.CreateItem);
        foreach (var text in new[] { Sku, Name, Description, Category, ProductId ?? "", VariantId ?? "", BaseUnit })
        {
            content.Text(text);
        }

        foreach (var money in new[] { Price, UnitCost })
        {
            // Without the zeros behind: 10.50 is 10.5.
            content.Text(money?.Amount.ToString("0.####", CultureInfo.InvariantCulture) ?? "");
            content.Text(money?.Currency ?? "");
        }

        content.Number(ReorderPoint);
        content.Number(ReorderQuantity);
        content.Number(SafetyStock);
        content.Number(Discontinued ? 1L : 0L);
        foreach (var gtin in Gtins)
        {
            content.Text(gtin);
        }

        // Nothing is added where there are none: what was asked before there were any is the same content still.
        foreach (var opening in Openings)
        {
            content.Text(opening.Warehouse);
            content.Number(opening.Quantity);
        }

        foreach (var component in Components)
        {
            content.Text("component");
            content.Text(component.Sku);
            content.Number(component.Quantity);
        }

        return content.ToFingerprint();
    }
}

/// <summary>What one warehouse has of an item from the beginning.</summary>
/// <param name="Warehouse">Code or id.</param>
/// <param name="Quantity">In the item's base unit, more than 0.</param>
public readonly record struct OpeningQuantity(string Warehouse, long Quantity);
