namespace Inventory.Engine.Availability;

/// <summary>One stock row: what one warehouse has of an item. Amounts in base units.</summary>
/// <param name="WarehouseId">The warehouse.</param>
/// <param name="Version">The number of changes that the row has had.</param>
/// <param name="OnHand">What is there, whatever its state.</param>
/// <param name="Reserved">Held for orders.</param>
/// <param name="Available">What can be held; negative where safety stock makes it so.</param>
/// <param name="Damaged">Cannot be sold.</param>
/// <param name="QualityControl">Waits for quality control.</param>
/// <param name="InTransit">On its way here, and no part of <paramref name="OnHand"/>.</param>
/// <param name="SafetyStock">Kept back from sale.</param>
/// <param name="Waiting">Promised to reservations that wait for stock.</param>
public readonly record struct WarehouseLevels(
    int WarehouseId,
    long Version,
    long OnHand,
    long Reserved,
    long Available,
    long Damaged,
    long QualityControl,
    long InTransit,
    long SafetyStock,
    long Waiting = 0
)
{
    /// <summary>
    /// Whether the amounts belong together. After a person's edit a copy may lack them: a commit tells what a sale
    /// changes, and the rest follows.
    /// </summary>
    public bool AddsUp => Available == OnHand - Reserved - Damaged - QualityControl - SafetyStock - Waiting;
}

/// <summary>All stock rows of an item.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Discontinued">It is no longer sold.</param>
/// <param name="Rows">One a warehouse, by the warehouses' codes.</param>
public sealed record ItemLevels(long ItemId, bool Discontinued, WarehouseLevels[] Rows);
