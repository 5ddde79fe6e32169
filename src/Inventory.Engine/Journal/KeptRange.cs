namespace Inventory.Engine.Journal;

/// <summary>How far back a cursor may reach.</summary>
/// <param name="Era">The cell's.</param>
/// <param name="Snapshot">What is committed now.</param>
/// <param name="Oldest">The oldest position from which can be read on.</param>
internal sealed record KeptRange(long Era, string Snapshot, long Oldest)
{
    /// <summary>Whether all that a cursor has not read is there.</summary>
    internal bool Has(JournalCursor cursor) => cursor.MayPrecede(Era, Snapshot) && cursor.Floor + 1 >= Oldest;
}
