using Npgsql;

namespace Inventory.Engine.Journal.Snapshots;

/// <summary>
/// Writes the snapshots of stock rows that are due by their versions, as whoever follows the journal comes by them.
/// </summary>
public static class KeepSnapshots
{
    /// <summary>Every so many versions of a row there is a snapshot of it.</summary>
    public const int VersionsApart = SnapshotStatement.VersionsApart;

    /// <summary>Writes what is due. To come by the same changes again does nothing.</summary>
    /// <param name="connection">Its transaction is the caller's.</param>
    /// <param name="entries">Of the journal.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public static async Task ExecuteAsync(
        NpgsqlConnection connection,
        IReadOnlyList<JournalEntry> entries,
        CancellationToken cancellation
    )
    {
        var due = new Dictionary<long, long>();
        foreach (var entry in entries)
        {
            if (entry is { StockId: { } stockId, Version: { } version } && version % VersionsApart == 0)
            {
                due[stockId] = Math.Max(version, due.GetValueOrDefault(stockId));
            }
        }

        if (due.Count > 0)
        {
            await SnapshotStatement.ExecuteAsync(
                connection,
                [.. due.Select(d => (d.Key, d.Value))],
                ends: false,
                cancellation
            );
        }
    }
}
