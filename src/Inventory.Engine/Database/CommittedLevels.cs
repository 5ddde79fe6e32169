namespace Inventory.Engine.Database;

/// <summary>
/// Tells what statements have committed. Who listens must be quick and must not throw: a lane waits for it. What is
/// told here is told once and may be lost in a crash; the journal is not.
/// </summary>
public sealed class CommittedLevels
{
    /// <summary>Called after a commit, with the rows that it changed, each once.</summary>
    public event Action<IReadOnlyList<StockLevel>>? Committed;

    internal void Publish(IReadOnlyList<StockLevel> levels)
    {
        if (levels.Count > 0)
        {
            Committed?.Invoke(levels);
        }
    }
}

/// <summary>A stock row as one commit left it.</summary>
/// <param name="StockId">The row.</param>
/// <param name="ItemId">Its item.</param>
/// <param name="WarehouseId">Its warehouse.</param>
/// <param name="OnHand">In base units.</param>
/// <param name="Reserved">In base units.</param>
/// <param name="Available">What can be held; negative where safety stock makes it so.</param>
/// <param name="Version">The number of its journal rows.</param>
public readonly record struct StockLevel(
    long StockId,
    long ItemId,
    int WarehouseId,
    long OnHand,
    long Reserved,
    long Available,
    long Version
);
