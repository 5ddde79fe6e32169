namespace Inventory.Engine.Availability;

/// <summary>Amounts in base units, as they are shown.</summary>
/// <param name="OnHand">What is there, whatever its state.</param>
/// <param name="Reserved">Held for orders.</param>
/// <param name="Damaged">Cannot be sold.</param>
/// <param name="QualityControl">Waits for quality control.</param>
/// <param name="InTransit">On its way here, and no part of <paramref name="OnHand"/>.</param>
/// <param name="SafetyStock">Kept back from sale.</param>
/// <param name="Available">
/// What can be held: never negative, and 0 where the item is discontinued or the warehouse inactive.
/// </param>
/// <param name="Waiting">Promised to reservations that wait for stock, there or not.</param>
public readonly record struct ShownAmounts(
    long OnHand,
    long Reserved,
    long Damaged,
    long QualityControl,
    long InTransit,
    long SafetyStock,
    long Available,
    long Waiting = 0
)
{
    /// <summary>Sums, available too: what one warehouse lacks hides nothing of another.</summary>
    public static ShownAmounts operator +(ShownAmounts a, ShownAmounts b) =>
        new(
            a.OnHand + b.OnHand,
            a.Reserved + b.Reserved,
            a.Damaged + b.Damaged,
            a.QualityControl + b.QualityControl,
            a.InTransit + b.InTransit,
            a.SafetyStock + b.SafetyStock,
            a.Available + b.Available,
            a.Waiting + b.Waiting
        );
}

/// <summary>One item at one warehouse.</summary>
/// <param name="Warehouse">The warehouse's code.</param>
/// <param name="Amounts">Its stock.</param>
/// <param name="Version">Rises with every change of this stock.</param>
public readonly record struct ShownStock(string Warehouse, ShownAmounts Amounts, long Version);

/// <summary>One item, by warehouse and in all.</summary>
/// <param name="Sku">The item's SKU, also when it was asked for by its id.</param>
/// <param name="Warehouses">
/// Those that were asked for, by code. A warehouse that never held the item is not among them.
/// </param>
/// <param name="Totals">Their sums.</param>
/// <param name="Freshness">How old this is, and where it comes from.</param>
public sealed record ItemAvailability(string Sku, ShownStock[] Warehouses, ShownAmounts Totals, Freshness Freshness);

/// <summary>How old an answer is.</summary>
/// <param name="AsOf">When it was true, or a moment before, by the database's clock.</param>
/// <param name="Age">How long ago that was.</param>
/// <param name="Source">Where it comes from.</param>
public readonly record struct Freshness(DateTime AsOf, TimeSpan Age, AvailabilitySource Source)
{
    /// <summary>Of an answer from two parts: the older one's time, and the database if either is from there.</summary>
    public static Freshness Oldest(Freshness a, Freshness b) =>
        new(
            a.AsOf < b.AsOf ? a.AsOf : b.AsOf,
            a.Age > b.Age ? a.Age : b.Age,
            a.Source == AvailabilitySource.Database ? a.Source : b.Source
        );
}

/// <summary>Where an answer comes from.</summary>
public enum AvailabilitySource
{
    /// <summary>The cache.</summary>
    Cache = 1,

    /// <summary>The database.</summary>
    Database = 2,
}

/// <summary>How fresh an answer must be.</summary>
public enum Consistency
{
    /// <summary>From the cache, if it is there.</summary>
    Eventual = 1,

    /// <summary>From the database: all that is committed, holds past their time counted as available.</summary>
    Strong = 2,
}

/// <summary>Whether a read could be answered. Append only; a number is never used again.</summary>
public enum AvailabilityOutcome
{
    /// <summary>It could.</summary>
    Found = 1,

    /// <summary>No item has this SKU or id.</summary>
    SkuUnknown = 2,

    /// <summary>No warehouse has one of the codes or ids, which the answer names.</summary>
    WarehouseUnknown = 3,

    /// <summary>Too many reads wait for the database.</summary>
    Overloaded = 4,
}
