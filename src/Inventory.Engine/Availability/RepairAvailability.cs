using System.Diagnostics;
using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.Engine.Telemetry;
using Npgsql;

namespace Inventory.Engine.Availability;

/// <summary>
/// Follows the journal and writes anew what a commit may not have brought into the cache: its node ended, the cache was
/// away, too much waited. Any number of nodes may run it. Only what it has covered is read from the cache, so a copy's
/// age is known.
/// </summary>
public sealed class RepairAvailability
{
    private const string Sql = """
        -- availability.read_rows
        SELECT s.stock_id, s.item_id, s.discontinued, s.warehouse_id, s.version, s.on_hand, s.reserved, s.available, s.damaged,
            s.quality_control, s.in_transit, s.safety_stock, s.waiting
        FROM stock s WHERE s.stock_id = ANY (@StockIds)
        """;

    private const string FormerSql = """
        -- availability.former_items
        SELECT DISTINCT item_id FROM former_stock WHERE stock_id = ANY (@StockIds)
        """;

    private const int RowsPerWriteMax = 2_000;

    private readonly Cell cell;
    private readonly AvailabilityCache cache;
    private readonly PublishLevels publish;
    private readonly AvailabilityMetrics metrics;
    private readonly FollowJournal journal;
    private readonly FollowStock stock;
    private readonly OpenEra openEra;
    private CellEra? era;
    private volatile CacheCoverage? coverage;

    /// <summary>Nothing is covered before the first pass.</summary>
    public RepairAvailability(Cell cell, AvailabilityCache cache, PublishLevels publish, AvailabilityMetrics metrics)
    {
        this.cell = cell;
        this.cache = cache;
        this.publish = publish;
        this.metrics = metrics;
        journal = new(cell);
        stock = new(cell);
        openEra = new(cell);
        metrics.ObserveAge(() => Coverage is { } covered ? Stopwatch.GetElapsedTime(covered.PassedAt) : null);
    }

    /// <summary>The most changes that are read at once, unless said otherwise.</summary>
    public const int DefaultPageSize = 20_000;

    /// <summary>The most changes that are read at once.</summary>
    public int PageSize { get; init; } = DefaultPageSize;

    /// <summary>A pass that would have more pages gives up all copies instead: to fill them again is quicker.</summary>
    public int PagesMax { get; init; } = 20;

    /// <summary>Since when all copies are true; none if nothing is known of what the cache holds now.</summary>
    internal CacheCoverage? Coverage =>
        coverage is { } covered && covered.Incarnation == cache.Incarnation ? covered : null;

    /// <summary>
    /// One pass: all that was committed before it began is in the cache when it ends. To be run again and again.
    /// </summary>
    /// <returns>Whether the cache could be reached and is covered.</returns>
    /// <exception cref="NpgsqlException">The database is away; the next pass begins where this one did.</exception>
    public async Task<bool> ExecuteAsync(CancellationToken cancellation)
    {
        try
        {
            if (era is null)
            {
                era = await openEra.ExecuteAsync(cancellation);
                cache.Open(era);
            }

            var incarnation = cache.Incarnation;
            if (incarnation == 0)
            {
                return false;
            }

            publish.Delivered.Begin(incarnation);
            var passedAt = Stopwatch.GetTimestamp();
            if (await FollowAsync(era, cancellation) is not { } end)
            {
                era = null;
                return false;
            }

            await cache.WriteCursorAsync(end.Cursor.ToString());
            coverage = new(end.AsOf, passedAt, incarnation);
            return Coverage is not null;
        }
        catch (CacheAwayException)
        {
            return false;
        }
    }

    /// <returns>None if the era is over.</returns>
    private async Task<(JournalCursor Cursor, DateTime AsOf)?> FollowAsync(CellEra now, CancellationToken cancellation)
    {
        var kept = await cache.ReadCursorAsync();
        if (!JournalCursor.TryParse(kept, out var cursor) || cursor.Era != now.Era || cursor.Pass is not null)
        {
            return await BeginAnewAsync(cancellation);
        }

        for (var pages = 1; pages <= PagesMax; pages++)
        {
            StockPage? page;
            try
            {
                page = await stock.ExecuteAsync(cursor, PageSize, cancellation);
            }
            catch (PostgresException e) when (e.SqlState.StartsWith("22", StringComparison.Ordinal))
            {
                // It has a cursor's form and is none: it is not ours.
                break;
            }

            if (page is null)
            {
                break;
            }

            await RepairAsync(page.Stock, cancellation);
            cursor = page.Next;
            if (page.IsLast)
            {
                return (cursor, page.AsOf);
            }
        }

        return await BeginAnewAsync(cancellation);
    }

    // The order matters: what is committed before the cursor can only be missing in copies that were there before the
    // sweep, and they go.
    private async Task<(JournalCursor Cursor, DateTime AsOf)?> BeginAnewAsync(CancellationToken cancellation)
    {
        var end = await journal.EndAsync(cancellation);
        if (end.Cursor.Era != era!.Era)
        {
            return null;
        }

        await cache.ForgetAllAsync();
        metrics.Cleared();
        return (end.Cursor, end.AsOf);
    }

    private async Task RepairAsync(IReadOnlyList<ChangedStock> changed, CancellationToken cancellation)
    {
        var missing = publish.Delivered.Missing(changed.Where(c => !c.Edited).Select(c => (c.StockId, c.Version)));
        missing.AddRange(changed.Where(c => c.Edited).Select(c => c.StockId));
        foreach (var stockIds in missing.Chunk(RowsPerWriteMax))
        {
            var newer = await WriteAsync(stockIds, cancellation);
            if (newer.Count > 0)
            {
                // Newer than the tables were; once more, and what is newer still was never committed.
                var forged = await WriteAsync([.. newer.Select(r => r.StockId)], cancellation);
                await cache.ForgetAsync([.. forged.Select(r => r.ItemId).Distinct()]);
            }
        }
    }

    private async Task<List<StockRowLevels>> WriteAsync(long[] stockIds, CancellationToken cancellation)
    {
        await using var connection = await cell.Following.OpenConnectionAsync(cancellation);
        var read = await connection.QueryAsync<LevelsRow>(
            new CommandDefinition(Sql, new { StockIds = stockIds }, cancellationToken: cancellation)
        );
        var rows = read.Select(r => r.Row()).ToList();
        if (rows.Count < stockIds.Length)
        {
            // A row that is gone is still in the copies that have it.
            var former = new CommandDefinition(FormerSql, new { StockIds = stockIds }, cancellationToken: cancellation);
            await cache.ForgetAsync([.. await connection.QueryAsync<long>(former)]);
        }

        var newer = await cache.WriteAsync(rows);
        metrics.Repaired(rows.Count);
        return [.. newer.Select(i => rows[i])];
    }
}

/// <param name="AsOf">All that was committed then, by the database's clock, is in the cache.</param>
/// <param name="PassedAt">The same moment, or one before it, in ticks of the stopwatch.</param>
/// <param name="Incarnation">Of the cache.</param>
internal sealed record CacheCoverage(DateTime AsOf, long PassedAt, int Incarnation);
