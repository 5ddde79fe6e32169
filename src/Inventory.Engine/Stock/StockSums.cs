namespace Inventory.Engine.Stock;

/// <summary>Sums over stock rows, in base units.</summary>
/// <param name="OnHand">What is there, whatever its state.</param>
/// <param name="Reserved">Held for orders.</param>
/// <param name="Damaged">Cannot be sold.</param>
/// <param name="QualityControl">Waits for quality control.</param>
/// <param name="InTransit">On its way, and no part of <paramref name="OnHand"/>.</param>
/// <param name="SafetyStock">Kept back from sale.</param>
/// <param name="Available">
/// What can be held: what one row lacks, where safety stock makes it negative, hides nothing of another.
/// </param>
/// <param name="Waiting">Promised to reservations that wait for stock, there or not.</param>
public readonly record struct StockSums(
    long OnHand,
    long Reserved,
    long Damaged,
    long QualityControl,
    long InTransit,
    long SafetyStock,
    long Available,
    long Waiting
)
{
    /// <summary>Adds up rows; of none it is all zeros.</summary>
    public static StockSums Of(IEnumerable<StockRecord> rows) =>
        rows.Aggregate(
            default(StockSums),
            (sum, row) =>
                new(
                    sum.OnHand + row.OnHand,
                    sum.Reserved + row.Reserved,
                    sum.Damaged + row.Damaged,
                    sum.QualityControl + row.QualityControl,
                    sum.InTransit + row.InTransit,
                    sum.SafetyStock + row.SafetyStock,
                    sum.Available + Math.Max(0, row.Available),
                    sum.Waiting + row.Waiting
                )
        );
}
