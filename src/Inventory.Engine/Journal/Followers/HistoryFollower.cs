using Inventory.Engine.Journal.Daily;
using Inventory.Engine.Journal.Snapshots;
using Npgsql;

namespace Inventory.Engine.Journal.Followers;

/// <summary>
/// Keeps what is known of the past at hand: stock rows' snapshots by their versions, and what happened on each day. One
/// follower for both, so that the journal is read once.
/// </summary>
public sealed class HistoryFollower : IJournalFollower
{
    /// <inheritdoc/>
    public string Name => "history";

    /// <summary>The more changes of a row come together, the fewer writes they are.</summary>
    public int PageSize { get; init; } = 20_000;

    /// <summary>Days and snapshots are asked for by people, who are told what has come since as well.</summary>
    public TimeSpan PassEvery => TimeSpan.FromSeconds(1);

    /// <summary>What is due is known by a row's versions alone.</summary>
    public bool IsBrief => true;

    /// <inheritdoc/>
    public bool FromBeginning => true;

    /// <inheritdoc/>
    public async Task HandleAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<JournalEntry> entries,
        CancellationToken cancellation
    )
    {
        var due = DueVersions.Find(entries);
        if (due.Count == 0)
        {
            return;
        }

        await SnapshotStatement.ExecuteAsync(
            connection,
            [.. due.Select(d => (d.Key, d.Value))],
            ends: false,
            cancellation
        );
        await RollUpDays.ExecuteAsync(connection, due, cancellation);
    }
}
