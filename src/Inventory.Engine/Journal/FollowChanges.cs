using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>
/// Reads what has changed since a cursor, as <see cref="FollowJournal"/>, for those who read the present state
/// elsewhere: of each change only what it belongs to, in arrays, which cost a tenth of rows.
/// </summary>
internal sealed class FollowChanges(Cell cell)
{
    private const string Sql = """
        -- journal.follow_changes
        SELECT coalesce(array_agg(p.xid::text::bigint), '{}') AS xids, coalesce(array_agg(p.position), '{}') AS positions,
            coalesce(array_agg(p.at), '{}') AS at, coalesce(array_agg(coalesce(p.stock_id, 0)), '{}') AS stock_ids,
            coalesce(array_agg(coalesce(p.document, '00000000-0000-0000-0000-000000000000')), '{}') AS documents, coalesce(array_agg(p.kind), '{}') AS kinds
        FROM (
            SELECT xid, position, at, stock_id, document, kind
            FROM (
                (SELECT j.xid, j.position, j.at, j.stock_id, j.document, j.kind FROM journal j
                WHERE j.position > greatest(@Floor::bigint, @After::bigint) AND (j.xid >= pg_snapshot_xmax(@Last::pg_snapshot)) IS TRUE
                    AND pg_visible_in_snapshot(j.xid, @Upper::pg_snapshot)
                ORDER BY j.position LIMIT @Limit::int)
                UNION ALL
                SELECT j.xid, j.position, j.at, j.stock_id, j.document, j.kind FROM journal j
                WHERE j.xid = ANY (ARRAY(SELECT pg_snapshot_xip(@Last::pg_snapshot))) AND (j.position > @After::bigint) IS TRUE
                    AND pg_visible_in_snapshot(j.xid, @Upper::pg_snapshot)) AS fresh
            ORDER BY position LIMIT @Limit::int) AS p
        """;

    /// <param name="cursor">Where the last page ended.</param>
    /// <param name="limit">The most changes of the page.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>None if the cursor is of another era, or ahead of this journal.</returns>
    /// <exception cref="NpgsqlException">The database is away; the same page can be read again.</exception>
    internal async Task<ChangePage?> ExecuteAsync(JournalCursor cursor, int limit, CancellationToken cancellation)
    {
        var row = new Row();
        var end = await ReadPages.ExecuteAsync(cell, cursor, limit, ReadAsync, cancellation);
        return end is null
            ? null
            : new()
            {
                Changes = row.Changes(),
                From = cursor with { Pass = null },
                FromSnapshot = JournalSnapshot.Parse(cursor.Snapshot),
                Pass = end.Pass,
                Next = end.Next,
                IsLast = end.IsLast,
            };

        async Task<(int Count, long After)> ReadAsync(NpgsqlConnection connection, PageParameters parameters)
        {
            row = await connection.QuerySingleAsync<Row>(
                new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
            );
            return (row.Positions.Length, row.Positions.Length == 0 ? 0 : row.Positions[^1]);
        }
    }

    private sealed class Row
    {
        public long[] Xids { get; init; } = [];

        public long[] Positions { get; init; } = [];

        public DateTime[] At { get; init; } = [];

        public long[] StockIds { get; init; } = [];

        /// <summary>Empty where there is none: Dapper reads no arrays with nulls.</summary>
        public Guid[] Documents { get; init; } = [];

        public short[] Kinds { get; init; } = [];

        internal JournalChange[] Changes()
        {
            var changes = new JournalChange[Positions.Length];
            for (var i = 0; i < changes.Length; i++)
            {
                changes[i] = new(
                    unchecked((ulong)Xids[i]),
                    Positions[i],
                    At[i],
                    StockIds[i],
                    Documents[i] == Guid.Empty ? null : Documents[i],
                    (JournalKind)Kinds[i]
                );
            }

            return changes;
        }
    }
}

/// <summary>A page of changes.</summary>
internal sealed record ChangePage
{
    /// <summary>By position.</summary>
    internal required JournalChange[] Changes { get; init; }

    /// <summary>Where the pass began.</summary>
    internal required JournalCursor From { get; init; }

    /// <summary>The cursor's.</summary>
    internal required JournalSnapshot FromSnapshot { get; init; }

    /// <summary>The pass that the page belongs to.</summary>
    internal required JournalPass Pass { get; init; }

    /// <summary>Reads on behind the page.</summary>
    internal required JournalCursor Next { get; init; }

    /// <summary>There was no more when the pass began.</summary>
    internal required bool IsLast { get; init; }

    /// <summary>For those who come back, and not of the pass that all others follow.</summary>
    internal bool IsReturn { get; init; }
}

/// <param name="Xid">The transaction.</param>
/// <param name="Position">Its place.</param>
/// <param name="At">When, by the database's clock.</param>
/// <param name="StockId">The stock row; 0 if no stock moved.</param>
/// <param name="Document">The reservation, transfer or count that it belongs to.</param>
/// <param name="Kind">Why.</param>
internal readonly record struct JournalChange(
    ulong Xid,
    long Position,
    DateTime At,
    long StockId,
    Guid? Document,
    JournalKind Kind
);
