namespace Inventory.Engine.Reservations;

/// <summary>
/// From which warehouses lines that name none are filled. Equal ones are taken by priority, then by code. Append only;
/// a number is never used again.
/// </summary>
public enum ReserveSource
{
    /// <summary>The warehouse with the lowest priority number first, the next where it has too little.</summary>
    Priority = 1,

    /// <summary>
    /// The fewest warehouses for the whole order; those that other lines name are in it anyway, and are drawn on first.
    /// </summary>
    FewestSplits = 2,

    /// <summary>The warehouse that has the most first, the next where it has too little.</summary>
    HighestStock = 3,
}
