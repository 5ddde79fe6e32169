namespace Inventory.Engine.Replenishment;

/// <summary>
/// When to order, and how much, by the continuous-review policies of the field: (R, nQ), a reorder point and a lot,
/// and (s, S), a minimum and a maximum. Silver, Pyke and Thomas, "Inventory and Production Management in Supply
/// Chains", 4th edition, chapter 6; Axsäter, "Inventory Control", 3rd edition, section 3.2. Amounts are in the item's
/// base unit.
/// </summary>
internal static class ReorderRule
{
    /// <summary>The most that is ordered at once.</summary>
    internal const long QuantityMax = (1L << 53) - 1;

    /// <param name="position">What is there and free, and what is on its way or on order; may be negative.</param>
    /// <param name="reorderPoint">At or below it is ordered.</param>
    /// <param name="lot">
    /// What is ordered at a time. As many lots as bring the position above the point: one would leave the need open.
    /// </param>
    /// <param name="orderUpTo">In place of a lot: the position after the order; above the point.</param>
    /// <returns>How much; 0 where there is no need.</returns>
    internal static long Quantity(long position, long reorderPoint, long? lot, long? orderUpTo)
    {
        if (position > reorderPoint)
        {
            return 0;
        }

        if (orderUpTo is { } maximum)
        {
            return Math.Min(maximum - position, QuantityMax);
        }

        var size = lot!.Value;
        var lots = (reorderPoint - position) / size + 1;
        return lots > QuantityMax / size ? QuantityMax : lots * size;
    }
}
