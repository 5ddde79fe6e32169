namespace Inventory.Engine.Availability;

/// <summary>An item's levels, from the tables.</summary>
/// <param name="Levels">What was read.</param>
/// <param name="AsOf">When it was true, by the database's clock.</param>
/// <param name="ReadAt">The same moment, or one before it, in ticks of the stopwatch.</param>
internal sealed record LevelsReading(ItemLevels Levels, DateTime AsOf, long ReadAt)
{
    /// <summary>Of an item that is not in the tables any more.</summary>
    internal static LevelsReading Gone(long itemId, long readAt) =>
        new(new(itemId, true, []), DateTime.UnixEpoch, readAt);
}
