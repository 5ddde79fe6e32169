namespace Inventory.Engine.Reservations;

/// <summary>
/// What is to be held where there is less than was asked for. Append only; a number is never used again.
/// </summary>
public enum ReserveFill
{
    /// <summary>All lines whole, or nothing.</summary>
    AllOrNothing = 1,

    /// <summary>
    /// Each line whole or not at all; lines that name their warehouse are served first. Refused if no line fits.
    /// </summary>
    WholeLines = 2,

    /// <summary>
    /// Of each line what there is. Refused if that is less than some line's least, or nothing of any line.
    /// </summary>
    BestEffort = 3,
}
