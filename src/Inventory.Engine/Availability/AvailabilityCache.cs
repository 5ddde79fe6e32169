using Inventory.Engine.Database;
using Inventory.Engine.Journal;

namespace Inventory.Engine.Availability;

/// <summary>
/// A copy of stock levels that is quicker to ask than PostgreSQL. It is advice: it may forget anything at any time, and
/// no grant reads it. The engine knows the rules, an implementation where and how the copy is kept.
/// </summary>
/// <remarks>
/// A copy of an item begins with a lease, taken before the tables are read. From then on every write reaches it, and
/// what was read from the tables is put beneath what has been written since. Where there is no copy a write leaves
/// none, so nothing old can come back.
/// </remarks>
public abstract class AvailabilityCache : IAsyncDisposable
{
    /// <summary>
    /// Rises whenever the connection was lost. What was written before may be gone, and what is found may be older than
    /// what was there. 0 while there is none.
    /// </summary>
    public abstract int Incarnation { get; }

    /// <summary>Keeps the copies of this cell and era apart from all others. Called before anything else.</summary>
    public abstract void Open(CellEra era);

    /// <summary>
    /// The copies of items, in their order; none where there is none, where it is not whole, and while the cache is
    /// away.
    /// </summary>
    public abstract ValueTask<ItemLevels?[]> FindAsync(IReadOnlyList<long> itemIds);

    /// <summary>Begins copies of items, or joins those that have begun.</summary>
    /// <returns>One lease an item, in their order.</returns>
    /// <exception cref="CacheAwayException">It cannot be reached.</exception>
    public abstract Task<IReadOnlyList<CacheLease>> LeaseAsync(IReadOnlyList<long> itemIds);

    /// <summary>
    /// Completes copies with what was read after their leases were taken. A lease that is gone is left alone.
    /// </summary>
    /// <exception cref="CacheAwayException">It cannot be reached.</exception>
    public abstract Task FillAsync(IReadOnlyList<CacheLease> leases, IReadOnlyList<ItemLevels> levels);

    /// <summary>Writes what commits have left into the copies that there are, each where it is newer.</summary>
    /// <returns>The places, within <paramref name="levels"/>, of those that met something newer.</returns>
    /// <exception cref="CacheAwayException">It cannot be reached; any part may have been written.</exception>
    public abstract Task<IReadOnlyList<int>> WriteAsync(IReadOnlyList<StockLevel> levels);

    /// <summary>
    /// Writes whole rows, as the tables have them, into the copies that there are, each where it is not older.
    /// </summary>
    /// <returns>The places, within <paramref name="rows"/>, of those that met something newer.</returns>
    /// <exception cref="CacheAwayException">It cannot be reached; any part may have been written.</exception>
    public abstract Task<IReadOnlyList<int>> WriteAsync(IReadOnlyList<StockRowLevels> rows);

    /// <summary>Forgets items.</summary>
    /// <exception cref="CacheAwayException">It cannot be reached.</exception>
    public abstract Task ForgetAsync(IReadOnlyList<long> itemIds);

    /// <summary>Forgets all items of this cell and era.</summary>
    /// <exception cref="CacheAwayException">It cannot be reached.</exception>
    public abstract Task ForgetAllAsync();

    /// <summary>
    /// How far the journal has been followed into the copies, by any node; kept beside them, to be lost with them.
    /// </summary>
    /// <exception cref="CacheAwayException">It cannot be reached.</exception>
    public abstract Task<string?> ReadCursorAsync();

    /// <summary>Keeps the cursor.</summary>
    /// <exception cref="CacheAwayException">It cannot be reached.</exception>
    public abstract Task WriteCursorAsync(string cursor);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>The right to complete an item's copy.</summary>
/// <param name="Token">Known to whoever took it; another if the copy was lost and begun anew.</param>
public readonly record struct CacheLease(long Token);

/// <summary>A stock row as the tables have it.</summary>
/// <param name="StockId">The row.</param>
/// <param name="ItemId">Its item.</param>
/// <param name="Discontinued">The item is no longer sold.</param>
/// <param name="Levels">What it holds.</param>
public readonly record struct StockRowLevels(long StockId, long ItemId, bool Discontinued, WarehouseLevels Levels);
