namespace Inventory.Engine.Catalog;

/// <summary>
/// What became of an edit of an item. Declared in the order they are checked. Append only; a number is never used
/// again.
/// </summary>
public enum UpdateItemOutcome
{
    /// <summary>It is as asked.</summary>
    Updated = 1,

    /// <summary>The same edit was made before under this request id; its answer is given again.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such item.</summary>
    ItemUnknown = 4,

    /// <summary>Its revision is not the one from which the edit was made.</summary>
    VersionConflict = 5,

    /// <summary>It would be a variant of no product.</summary>
    VariantOfNothing = 6,

    /// <summary>Another item has one of the barcodes.</summary>
    BarcodeTaken = 7,

    /// <summary>It is no kit, and is to be made of parts.</summary>
    NotAKit = 8,

    /// <summary>It is a kit, and safety stock is kept of what has stock.</summary>
    KitHasNoStock = 9,

    /// <summary>A part of the kit is no item.</summary>
    ComponentUnknown = 10,

    /// <summary>A part of the kit is a kit itself, perhaps this one.</summary>
    ComponentIsKit = 11,

    /// <summary>A part stands in the kit twice, under two of its names.</summary>
    ComponentRepeated = 12,

    /// <summary>The product that is named has several variants: none of them is meant.</summary>
    SeveralVariants = 13,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Item">
/// With <see cref="UpdateItemOutcome.Updated"/> and <see cref="UpdateItemOutcome.Replayed"/>: as it was right after the
/// edit.
/// </param>
/// <param name="Revision">With <see cref="UpdateItemOutcome.VersionConflict"/>: what it is now.</param>
/// <param name="TakenBarcodes">With <see cref="UpdateItemOutcome.BarcodeTaken"/>: which, as fourteen digits.</param>
public sealed record UpdateItemAnswer(
    UpdateItemOutcome Outcome,
    Item? Item,
    long Revision,
    IReadOnlyList<string> TakenBarcodes
)
{
    /// <summary>With the outcomes of a component: which, as asked.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];
}
