using Inventory.Engine.Database;
using Inventory.Engine.Journal;

namespace Inventory.Engine.Availability;

/// <summary>For a server that is given no cache: every read asks the tables.</summary>
public sealed class NoCache : AvailabilityCache
{
    /// <inheritdoc/>
    public override int Incarnation => 0;

    /// <inheritdoc/>
    public override void Open(CellEra era) { }

    /// <inheritdoc/>
    public override ValueTask<ItemLevels?[]> FindAsync(IReadOnlyList<long> itemIds) =>
        ValueTask.FromResult(new ItemLevels?[itemIds.Count]);

    /// <inheritdoc/>
    public override Task<IReadOnlyList<CacheLease>> LeaseAsync(IReadOnlyList<long> itemIds) =>
        Task.FromException<IReadOnlyList<CacheLease>>(Away());

    /// <inheritdoc/>
    public override Task FillAsync(IReadOnlyList<CacheLease> leases, IReadOnlyList<ItemLevels> levels) =>
        Task.FromException(Away());

    /// <inheritdoc/>
    public override Task<IReadOnlyList<int>> WriteAsync(IReadOnlyList<StockLevel> levels) =>
        Task.FromException<IReadOnlyList<int>>(Away());

    /// <inheritdoc/>
    public override Task<IReadOnlyList<int>> WriteAsync(IReadOnlyList<StockRowLevels> rows) =>
        Task.FromException<IReadOnlyList<int>>(Away());

    /// <inheritdoc/>
    public override Task ForgetAsync(IReadOnlyList<long> itemIds) => Task.CompletedTask;

    /// <inheritdoc/>
    public override Task ForgetAllAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public override Task<string?> ReadCursorAsync() => Task.FromException<string?>(Away());

    /// <inheritdoc/>
    public override Task WriteCursorAsync(string cursor) => Task.FromException(Away());

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static CacheAwayException Away() => new("No cache is configured.");
}
