using Inventory.Engine.Alerts;
using Inventory.Engine.Journal;
using Inventory.Engine.Journal.Followers;
using Npgsql;

namespace Inventory.Server.Followers;

/// <summary>Judges the present levels of the stock rows that have changed.</summary>
internal sealed class AlertsFollower : IJournalFollower
{
    public string Name => "alerts";

    public int PageSize => 5_000;

    /// <summary>What is told of them looks for them each second.</summary>
    public TimeSpan PassEvery => TimeSpan.FromMilliseconds(500);

    public bool IsBrief => true;

    public Task HandleAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<JournalEntry> entries,
        CancellationToken cancellation
    )
    {
        long[] stockIds = [.. entries.Where(e => e.StockId is not null).Select(e => e.StockId!.Value).Distinct()];
        return JudgeLevels.ExecuteAsync(connection, stockIds, cancellation);
    }
}
