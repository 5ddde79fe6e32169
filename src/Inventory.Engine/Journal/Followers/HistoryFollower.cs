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

    /// <summary>The more changes of a row and day come together, the fewer writes they are.</summary>
    public int PageSize { get; init; } = 20_000;

    /// <summary>Days and snapshots are asked for by people, some time later.</summary>
    public TimeSpan PassEvery => TimeSpan.FromSeconds(1);

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
        await KeepSnapshots.ExecuteAsync(connection, entries, cancellation);
        await RollUpDays.ExecuteAsync(connection, entries, cancellation);
    }
}
