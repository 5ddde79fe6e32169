using Inventory.Engine.Journal;
using Inventory.Engine.Journal.Followers;
using Inventory.Engine.Replenishment;
using Npgsql;

namespace Inventory.Server.Followers;

/// <summary>
/// Judges the stock rows that have changed by their reorder policies. What is suggested is written with the cursor, so
/// that a crash neither loses nor repeats it.
/// </summary>
internal sealed class ReorderFollower : IJournalFollower
{
    public string Name => "reorder";

    /// <summary>Of many changes of a row the last is judged, so a large page costs no more than a small one.</summary>
    public int PageSize => 5_000;

    /// <summary>An order takes days; a suggestion is made within the second.</summary>
    public TimeSpan PassEvery => TimeSpan.FromMilliseconds(500);

    public bool IsBrief => true;

    public Task HandleAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<JournalEntry> entries,
        CancellationToken cancellation
    )
    {
        var stockIds = entries.Select(e => e.StockId).OfType<long>().Distinct().ToArray();
        return EvaluateReorders.ExecuteAsync(connection, transaction, stockIds, cancellation);
    }
}
