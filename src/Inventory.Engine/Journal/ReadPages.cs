using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>
/// Reads the journal from a cursor on, in passes, a page at a time. What every follower shares; what of the rows it
/// wants to know is its own statement.
/// </summary>
/// <remarks>
/// Each statement has two ways in: what began after the last snapshot, from the floor on by position; and what was
/// under way then, by its few ids. Within a pass rows stand by position; between passes too, per stock row, because a
/// change waits for the transaction that has the row before it. What began since is read in its order and no further
/// than the page: sorted afterwards, or found by its ids (hence the first IS TRUE), each page of a long backlog would
/// read all that is left. The second IS TRUE: where the planner believes that the few ids make up the table it must not
/// read the table by position instead, from the beginning.
/// </remarks>
internal static class ReadPages
{
    /// <param name="cell">Whose journal.</param>
    /// <param name="cursor">Where the last page ended.</param>
    /// <param name="limit">The most rows of the page.</param>
    /// <param name="read">
    /// The follower's statement: rows by position, as many as the limit says; answers how many it read, and the
    /// position of the last.
    /// </param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>
    /// None if the cursor is of another era, or ahead of this journal: what it has read says nothing about it.
    /// </returns>
    /// <exception cref="NpgsqlException">The database is away; the same page can be read again.</exception>
    internal static async Task<PageEnd?> ExecuteAsync(
        Cell cell,
        JournalCursor cursor,
        int limit,
        Func<NpgsqlConnection, PageParameters, Task<(int Count, long After)>> read,
        CancellationToken cancellation
    )
    {
        await using var connection = await cell.Following.OpenConnectionAsync(cancellation);
        var (era, pass) = await BeginPass.ExecuteAsync(connection, cancellation);
        if (!cursor.MayPrecede(era, pass.Upper))
        {
            return null;
        }

        pass = cursor.Pass ?? pass;
        var parameters = new PageParameters(cursor.Snapshot, cursor.Floor, pass.Upper, pass.After, limit);
        var (count, after) = await read(connection, parameters);
        var isLast = count < limit;
        var next = isLast
            ? new JournalCursor(era, pass.Upper, pass.UpperFloor)
            : cursor with
            {
                Pass = pass with { After = after },
            };
        return new(pass, next, isLast);
    }
}

/// <summary>What the statements of followers are told: two snapshots, and where between them the page begins.</summary>
/// <param name="Last">What it shows has been read.</param>
/// <param name="Floor">Of the cursor.</param>
/// <param name="Upper">What it does not show belongs to the next pass.</param>
/// <param name="After">The position of the last row that this pass has read.</param>
/// <param name="Limit">The most rows.</param>
internal sealed record PageParameters(string Last, long Floor, string Upper, long After, int Limit);

/// <param name="Pass">That the page belongs to.</param>
/// <param name="Next">Reads on behind the page.</param>
/// <param name="IsLast">There was no more when the pass began.</param>
internal sealed record PageEnd(JournalPass Pass, JournalCursor Next, bool IsLast);
