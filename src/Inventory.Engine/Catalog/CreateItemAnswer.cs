namespace Inventory.Engine.Catalog;

/// <summary>
/// What became of a request to make an item. Declared in the order they are checked. Append only; a number is never
/// used again.
/// </summary>
public enum CreateItemOutcome
{
    /// <summary>It is there now.</summary>
    Created = 1,

    /// <summary>The same request made it before; it is shown as it was made.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>Another item has the SKU.</summary>
    SkuTaken = 4,

    /// <summary>Another item has one of the barcodes.</summary>
    BarcodeTaken = 5,

    /// <summary>A warehouse of an opening quantity is not known.</summary>
    WarehouseUnknown = 6,

    /// <summary>A warehouse of an opening quantity takes nothing in.</summary>
    WarehouseInactive = 7,

    /// <summary>A warehouse has two opening quantities, under two of its names.</summary>
    WarehouseRepeated = 8,

    /// <summary>A part of the kit is no item.</summary>
    ComponentUnknown = 9,

    /// <summary>A part of the kit is a kit itself.</summary>
    ComponentIsKit = 10,

    /// <summary>A part stands in the kit twice, under two of its names.</summary>
    ComponentRepeated = 11,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Item">
/// With <see cref="CreateItemOutcome.Created"/> and <see cref="CreateItemOutcome.Replayed"/>.
/// </param>
/// <param name="TakenBarcodes">With <see cref="CreateItemOutcome.BarcodeTaken"/>: which, as fourteen digits.</param>
/// <param name="Warehouses">With the outcomes of a warehouse: which, as asked.</param>
public sealed record CreateItemAnswer(
    CreateItemOutcome Outcome,
    Item? Item,
    IReadOnlyList<string> TakenBarcodes,
    IReadOnlyList<string>? Warehouses = null
)
{
    /// <summary>With the outcomes of a component: which, as asked.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];
}
