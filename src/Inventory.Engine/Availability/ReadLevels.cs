using System.Diagnostics;
using Dapper;
using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Availability;

/// <summary>
/// Reads items' levels from the tables, and leaves copies of them in the cache. Whoever misses at the same time shares
/// one statement, on one connection: an item is read once at a time, and a cache that is away can't take more of the
/// database than that.
/// </summary>
public sealed class ReadLevels : IAsyncDisposable
{
    private const string Sql = """
        -- availability.read
        SELECT i.item_id, i.discontinued, s.warehouse_id, s.version, s.on_hand, s.reserved, s.available, s.damaged, s.quality_control,
            s.in_transit, s.safety_stock, s.waiting, statement_timestamp() AS as_of
        FROM item i
        LEFT JOIN stock s ON s.item_id = i.item_id AND s.item_id = ANY (@ItemIds)
        LEFT JOIN warehouse w ON w.warehouse_id = s.warehouse_id
        WHERE i.item_id = ANY (@ItemIds)
        ORDER BY i.item_id, w.code COLLATE "C"
        """;

    private readonly AvailabilityCache cache;
    private readonly Coalescer<long, LevelsReading?> lane;

    /// <summary>Starts the lane; it connects when the first item is missed.</summary>
    public ReadLevels(Cell cell, AvailabilityCache cache)
    {
        this.cache = cache;
        lane = new(cell, new CoalescerOptions { Operation = "availability.read", Lanes = 1 }, null, ExecuteAsync);
    }

    /// <summary>Reads one item.</summary>
    /// <returns>None if too many wait.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal ValueTask<LevelsReading?> ExecuteAsync(long itemId, CancellationToken cancellation) =>
        lane.SubmitAsync(itemId, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => lane.DisposeAsync();

    private async Task ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<Pending<long, LevelsReading?>> batch)
    {
        var itemIds = batch.Select(p => p.Request).Distinct().ToArray();
        // The order matters: lease, then read. What commits in between is written to the lease.
        var leases = await LeaseAsync(itemIds);
        var started = Stopwatch.GetTimestamp();
        var rows = await connection.QueryAsync<LevelsRow>(Sql, new { ItemIds = itemIds });
        var read = LevelsRow.Group(rows.AsList(), started);
        foreach (var pending in batch)
        {
            pending.Settle(read.GetValueOrDefault(pending.Request) ?? LevelsReading.Gone(pending.Request, started));
        }

        if (leases is not null)
        {
            await FillAsync(itemIds, leases, read);
        }
    }

    private async Task<IReadOnlyList<CacheLease>?> LeaseAsync(long[] itemIds)
    {
        try
        {
            return cache.Incarnation == 0 ? null : await cache.LeaseAsync(itemIds);
        }
        catch (CacheAwayException)
        {
            return null;
        }
    }

    private async Task FillAsync(long[] itemIds, IReadOnlyList<CacheLease> leases, Dictionary<long, LevelsReading> read)
    {
        try
        {
            var found = Enumerable.Range(0, itemIds.Length).Where(i => read.ContainsKey(itemIds[i])).ToList();
            await cache.FillAsync([.. found.Select(i => leases[i])], [.. found.Select(i => read[itemIds[i]].Levels)]);
        }
        catch (CacheAwayException)
        {
            // The answers are out; the next to miss tries again.
        }
    }
}
