using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>
/// Reads what has been written since a cursor: every row once, none skipped however late its transaction committed,
/// each stock row's changes in the order of their versions.
/// </summary>
public sealed class FollowJournal(Cell cell)
{
    private const string Sql = """
        -- journal.follow
        SELECT position, at, stock_id, version, document, coalesce(on_hand, 0) AS on_hand, coalesce(reserved, 0) AS reserved,
            coalesce(damaged, 0) AS damaged, coalesce(quality_control, 0) AS quality_control, coalesce(in_transit, 0) AS in_transit,
            coalesce(safety_stock, 0) AS safety_stock, coalesce(waiting, 0) AS waiting, kind, actor, trace, reason
        FROM (
            (SELECT j.position, j.at, j.stock_id, j.version, j.document, j.on_hand, j.reserved, j.damaged, j.quality_control,
                j.in_transit, j.safety_stock, j.waiting, j.kind, j.actor, j.trace, j.reason
            FROM journal j
            WHERE j.position > greatest(@Floor::bigint, @After::bigint) AND (j.xid >= pg_snapshot_xmax(@Last::pg_snapshot)) IS TRUE
                AND pg_visible_in_snapshot(j.xid, @Upper::pg_snapshot)
            ORDER BY j.position LIMIT @Limit::int)
            UNION ALL
            SELECT j.position, j.at, j.stock_id, j.version, j.document, j.on_hand, j.reserved, j.damaged, j.quality_control,
                j.in_transit, j.safety_stock, j.waiting, j.kind, j.actor, j.trace, j.reason
            FROM journal j
            WHERE j.xid = ANY (ARRAY(SELECT pg_snapshot_xip(@Last::pg_snapshot))) AND (j.position > @After::bigint) IS TRUE
                AND pg_visible_in_snapshot(j.xid, @Upper::pg_snapshot)) AS fresh
        ORDER BY position LIMIT @Limit::int
        """;

    // In arrays, as FollowChanges reads.
    private const string BriefSql = """
        -- journal.follow_brief
        SELECT coalesce(array_agg(p.position), '{}') AS positions, coalesce(array_agg(p.at), '{}') AS at,
            coalesce(array_agg(coalesce(p.stock_id, 0)), '{}') AS stock_ids,
            coalesce(array_agg(coalesce(p.version, 0)), '{}') AS versions
        FROM (
            SELECT position, at, stock_id, version
            FROM (
                (SELECT j.position, j.at, j.stock_id, j.version FROM journal j
                WHERE j.position > greatest(@Floor::bigint, @After::bigint) AND (j.xid >= pg_snapshot_xmax(@Last::pg_snapshot)) IS TRUE
                    AND pg_visible_in_snapshot(j.xid, @Upper::pg_snapshot)
                ORDER BY j.position LIMIT @Limit::int)
                UNION ALL
                SELECT j.position, j.at, j.stock_id, j.version FROM journal j
                WHERE j.xid = ANY (ARRAY(SELECT pg_snapshot_xip(@Last::pg_snapshot))) AND (j.position > @After::bigint) IS TRUE
                    AND pg_visible_in_snapshot(j.xid, @Upper::pg_snapshot)) AS fresh
            ORDER BY position LIMIT @Limit::int) AS p
        """;

    /// <summary>The most rows of a page.</summary>
    public const int PageSizeMax = 20_000;

    /// <summary>A cursor that has read everything up to now, and when that was, by the database's clock.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<(JournalCursor Cursor, DateTime AsOf)> EndAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.Following.OpenConnectionAsync(cancellation);
        var (era, pass) = await BeginPass.ExecuteAsync(connection, cancellation);
        return (new(era, pass.Upper, pass.UpperFloor), pass.AsOf);
    }

    /// <summary>Reads the next page.</summary>
    /// <param name="cursor">Where the last page ended, or <see cref="JournalCursor.Beginning"/>.</param>
    /// <param name="limit">1 to <see cref="PageSizeMax"/> rows.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>
    /// None if the cursor is of another era, or ahead of this journal: what it has read says nothing about it.
    /// </returns>
    /// <exception cref="NpgsqlException">The database is away; the same page can be read again.</exception>
    public Task<JournalPage?> ExecuteAsync(JournalCursor cursor, int limit, CancellationToken cancellation) =>
        PageAsync(Sql, cursor, limit, async (c, q) => (await c.QueryAsync<JournalEntry>(q)).AsList(), cancellation);

    /// <summary>
    /// The next page as <see cref="ExecuteAsync"/> reads it, for who asks only which stock rows have changed: of each
    /// change its position, its time, its stock row and that row's version.
    /// </summary>
    internal Task<JournalPage?> BrieflyAsync(JournalCursor cursor, int limit, CancellationToken cancellation) =>
        PageAsync(
            BriefSql,
            cursor,
            limit,
            async (c, q) => (await c.QuerySingleAsync<Brief>(q)).Entries(),
            cancellation
        );

    private async Task<JournalPage?> PageAsync(
        string sql,
        JournalCursor cursor,
        int limit,
        Func<NpgsqlConnection, CommandDefinition, Task<List<JournalEntry>>> read,
        CancellationToken cancellation
    )
    {
        List<JournalEntry> entries = [];
        var end = await ReadPages.ExecuteAsync(cell, cursor, limit, ReadAsync, cancellation);
        return end is null ? null : new(entries, end.Next, end.IsLast, end.Pass.AsOf);

        async Task<(int Count, long After)> ReadAsync(NpgsqlConnection connection, PageParameters parameters)
        {
            entries = await read(connection, new(sql, parameters, cancellationToken: cancellation));
            return (entries.Count, entries.Count == 0 ? 0 : entries[^1].Position);
        }
    }

    private sealed class Brief
    {
        public long[] Positions { get; init; } = [];

        public DateTime[] At { get; init; } = [];

        public long[] StockIds { get; init; } = [];

        public long[] Versions { get; init; } = [];

        internal List<JournalEntry> Entries()
        {
            var entries = new List<JournalEntry>(Positions.Length);
            for (var i = 0; i < Positions.Length; i++)
            {
                entries.Add(
                    new()
                    {
                        Position = Positions[i],
                        At = At[i],
                        StockId = StockIds[i] == 0 ? null : StockIds[i],
                        Version = StockIds[i] == 0 ? null : Versions[i],
                    }
                );
            }

            return entries;
        }
    }
}

/// <summary>A page of the journal.</summary>
/// <param name="Entries">By position.</param>
/// <param name="Next">Reads on behind them.</param>
/// <param name="IsLast">There was no more when the pass began.</param>
/// <param name="AsOf">
/// When the pass began, by the database's clock: all that was committed then is in its pages.
/// </param>
public sealed record JournalPage(IReadOnlyList<JournalEntry> Entries, JournalCursor Next, bool IsLast, DateTime AsOf);
