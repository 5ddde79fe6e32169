using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>
/// Reads which stock rows have changed since a cursor: as <see cref="FollowJournal"/>, for those who want to know the
/// rows and not each of their changes.
/// </summary>
public sealed class FollowStock(Cell cell)
{
    private const string Sql = """
        -- journal.follow_stock
        WITH page AS MATERIALIZED (
            SELECT position, stock_id, version, kind
            FROM (
                (SELECT j.position, j.stock_id, j.version, j.kind FROM journal j
                WHERE j.position > greatest(@Floor::bigint, @After::bigint) AND (j.xid >= pg_snapshot_xmax(@Last::pg_snapshot)) IS TRUE
                    AND pg_visible_in_snapshot(j.xid, @Upper::pg_snapshot)
                ORDER BY j.position LIMIT @Limit::int)
                UNION ALL
                SELECT j.position, j.stock_id, j.version, j.kind FROM journal j
                WHERE j.xid = ANY (ARRAY(SELECT pg_snapshot_xip(@Last::pg_snapshot))) AND (j.position > @After::bigint) IS TRUE
                    AND pg_visible_in_snapshot(j.xid, @Upper::pg_snapshot)) AS fresh
            ORDER BY position LIMIT @Limit::int),
        touched AS (
            SELECT stock_id, max(version) AS version, bool_or(kind > 6) AS edited FROM page WHERE stock_id IS NOT NULL GROUP BY stock_id)
        SELECT coalesce(array_agg(stock_id), '{}') AS stock_ids, coalesce(array_agg(version), '{}') AS versions,
            coalesce(array_agg(edited), '{}') AS edited,
            (SELECT count(*)::int FROM page) AS count, (SELECT coalesce(max(position), 0) FROM page) AS after
        FROM touched
        """;

    /// <summary>The most changes of a page.</summary>
    public const int PageSizeMax = 50_000;

    /// <summary>Reads the next page.</summary>
    /// <param name="cursor">Where the last page ended.</param>
    /// <param name="limit">1 to <see cref="PageSizeMax"/> changes.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>None if the cursor is of another era, or ahead of this journal.</returns>
    /// <exception cref="NpgsqlException">The database is away; the same page can be read again.</exception>
    public async Task<StockPage?> ExecuteAsync(JournalCursor cursor, int limit, CancellationToken cancellation)
    {
        var row = new Row();
        var end = await ReadPages.ExecuteAsync(cell, cursor, limit, ReadAsync, cancellation);
        return end is null
            ? null
            : new(
                [.. row.StockIds.Select((id, i) => new ChangedStock(id, row.Versions[i], row.Edited[i]))],
                end.Next,
                end.IsLast,
                end.Pass.AsOf
            );

        async Task<(int Count, long After)> ReadAsync(NpgsqlConnection connection, PageParameters parameters)
        {
            row = await connection.QuerySingleAsync<Row>(
                new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
            );
            return (row.Count, row.After);
        }
    }

    private sealed class Row
    {
        public long[] StockIds { get; init; } = [];

        public long[] Versions { get; init; } = [];

        public bool[] Edited { get; init; } = [];

        public int Count { get; init; }

        public long After { get; init; }
    }
}

/// <summary>A page of changed stock rows.</summary>
/// <param name="Stock">Each row once, in no order.</param>
/// <param name="Next">Reads on behind them.</param>
/// <param name="IsLast">There was no more when the pass began.</param>
/// <param name="AsOf">
/// When the pass began, by the database's clock: all that was committed then is in its pages.
/// </param>
public sealed record StockPage(IReadOnlyList<ChangedStock> Stock, JournalCursor Next, bool IsLast, DateTime AsOf);

/// <summary>A stock row that has changed.</summary>
/// <param name="StockId">The row.</param>
/// <param name="Version">The last of its changes in the page.</param>
/// <param name="Edited">Not by reservations alone: amounts beside on hand and reserved may have changed.</param>
public readonly record struct ChangedStock(long StockId, long Version, bool Edited);
