namespace Inventory.Engine.Journal.Snapshots;

/// <summary>
/// Of which stock rows the past is written down now: what follows from the journal is written every so many versions of
/// a row, and who asks for the past goes through the few changes behind that himself.
/// </summary>
internal static class DueVersions
{
    /// <summary>How many versions apart: at most so many changes and one page are behind what is written.</summary>
    internal const int Apart = 48;

    /// <summary>
    /// Every row at versions of its own: rows that began together, and are sold alike, would else all be due in one
    /// minute. <see cref="SnapshotStatement"/> says the same.
    /// </summary>
    internal static bool IsDue(long stockId, long version) => (stockId + version) % Apart == 0;

    /// <returns>The latest version that is due, by stock row.</returns>
    internal static Dictionary<long, long> Find(IReadOnlyList<JournalEntry> entries)
    {
        var due = new Dictionary<long, long>();
        foreach (var entry in entries)
        {
            if (entry is { StockId: { } stockId, Version: { } version } && IsDue(stockId, version))
            {
                due[stockId] = Math.Max(version, due.GetValueOrDefault(stockId));
            }
        }

        return due;
    }
}
