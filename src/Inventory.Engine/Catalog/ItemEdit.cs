using System.Globalization;
using Inventory.Engine.Database;

namespace Inventory.Engine.Catalog;

/// <summary>Asks to edit an item. It has been validated. What is not given stays as it is.</summary>
public sealed record ItemEdit
{
    /// <summary>The principal; part of the request's identity, and the journal's actor.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>Which one: SKU or id.</summary>
    public required string Item { get; init; }

    /// <summary>
    /// <see cref="Item"/> is what the product service calls a product with one variant; where no product has the name,
    /// it is a SKU or id.
    /// </summary>
    public bool IsProduct { get; init; }

    /// <summary>If given, the revision from which the edit was made.</summary>
    public long? ExpectedRevision { get; init; }

    /// <summary>For people.</summary>
    public string? Name { get; init; }

    /// <summary>For people; may be empty.</summary>
    public string? Description { get; init; }

    /// <summary>May be empty.</summary>
    public string? Category { get; init; }

    /// <summary>The product service's id of the product; may be set to none.</summary>
    public Change<string?>? ProductId { get; init; }

    /// <summary>The product service's id of the variant; may be set to none.</summary>
    public Change<string?>? VariantId { get; init; }

    /// <summary>What a customer pays for one; may be set to none.</summary>
    public Change<Money?>? Price { get; init; }

    /// <summary>What one costs; may be set to none.</summary>
    public Change<Money?>? UnitCost { get; init; }

    /// <summary>All that it is to have.</summary>
    public IReadOnlyList<Gtin>? Barcodes { get; init; }

    /// <summary>At or below this amount available, more is to be ordered; may be set to none.</summary>
    public Change<long?>? ReorderPoint { get; init; }

    /// <summary>How much is ordered at a time; may be set to none.</summary>
    public Change<long?>? ReorderQuantity { get; init; }

    /// <summary>What is kept back from sale, at each warehouse that stocks it and at those that begin to.</summary>
    public long? SafetyStock { get; init; }

    /// <summary>Whether it is not sold.</summary>
    public bool? Discontinued { get; init; }

    /// <summary>
    /// All that a kit is to be made of: 1 to <see cref="Component.CountMax"/> items that are no kits.
    /// </summary>
    public IReadOnlyList<Component>? Components { get; init; }

    /// <summary>As the table has them: each once, in order, so that two requests insert in one order.</summary>
    internal string[]? Gtins =>
        Barcodes is null ? null : [.. Barcodes.Select(b => b.ToString()).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether stock rows change with it.</summary>
    internal bool TouchesStock => SafetyStock is not null || Discontinued is not null;

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.UpdateItem);
        content.Text(Item);
        content.Number(ExpectedRevision);
        foreach (var text in new[] { Name, Description, Category })
        {
            content.Flag(text is not null);
            content.Text(text ?? "");
        }

        foreach (var text in new[] { ProductId, VariantId })
        {
            content.Flag(text is not null);
            content.Text(text?.To ?? "");
        }

        foreach (var money in new[] { Price, UnitCost })
        {
            content.Flag(money is not null);
            // Without the zeros behind: 10.50 is 10.5.
            content.Text(money?.To?.Amount.ToString("0.####", CultureInfo.InvariantCulture) ?? "");
            content.Text(money?.To?.Currency ?? "");
        }

        foreach (var number in new[] { ReorderPoint, ReorderQuantity })
        {
            content.Flag(number is not null);
            content.Number(number?.To);
        }

        content.Number(SafetyStock);
        content.Flag(Discontinued);
        content.Flag(Barcodes is not null);
        foreach (var gtin in Gtins ?? [])
        {
            content.Text(gtin);
        }

        // Nothing is added where none are given: what was asked before there were any is the same content still.
        foreach (var component in Components ?? [])
        {
            content.Text(component.Sku);
            content.Number(component.Quantity);
        }

        if (IsProduct)
        {
            content.Flag(IsProduct);
        }

        return content.ToFingerprint();
    }
}

/// <summary>What a field is set to, where none is a value too.</summary>
/// <param name="To">The new value.</param>
public readonly record struct Change<T>(T To);
