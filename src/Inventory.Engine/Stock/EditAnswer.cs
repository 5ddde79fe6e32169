namespace Inventory.Engine.Stock;

/// <summary>
/// What became of an edit. Declared in the order they are checked. Append only; a number is never used again.
/// </summary>
public enum EditOutcome
{
    /// <summary>On hand is as asked.</summary>
    Edited = 1,

    /// <summary>The same edit was made before under this request id; its answer is given again.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>The SKU is not known.</summary>
    SkuUnknown = 4,

    /// <summary>The product has several variants, and an edit is of one.</summary>
    SeveralVariants = 13,

    /// <summary>The warehouse is not known.</summary>
    WarehouseUnknown = 5,

    /// <summary>There is no such stock row, and this edit does not begin one.</summary>
    StockUnknown = 6,

    /// <summary>The row's revision is not the one from which the edit was made.</summary>
    VersionConflict = 7,

    /// <summary>The item is no longer sold, so nothing is added.</summary>
    ItemDiscontinued = 8,

    /// <summary>The warehouse takes nothing more in.</summary>
    WarehouseInactive = 9,

    /// <summary>
    /// Less would remain than is reserved, damaged and in quality control, or less is in the state from which it is to
    /// be taken.
    /// </summary>
    StockShort = 10,

    /// <summary>More would be on hand than <see cref="StockEdit.QuantityMax"/>.</summary>
    TooMuch = 11,

    /// <summary>Too many requests wait; nothing was tried.</summary>
    Overloaded = 12,

    /// <summary>The item is a kit, which has no stock of its own: its parts have.</summary>
    ItemIsKit = 14,
}

/// <summary>The answer to an edit.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Stock">
/// With <see cref="EditOutcome.Edited"/> and <see cref="EditOutcome.Replayed"/> as it was right after the edit; with a
/// refusal of a row that is there, as it is now; otherwise none.
/// </param>
public sealed record EditAnswer(EditOutcome Outcome, StockRecord? Stock);
