using Dapper;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>
/// Takes the snapshot at which a pass over the journal ends, and the floor from which the next one may begin.
/// </summary>
internal static class BeginPass
{
    // A snapshot's xmax is one above the last transaction that has ended, so a transaction from xmax on may have begun,
    // and drawn positions, long before. Therefore this transaction takes an id of its own, after it has read the
    // sequence: whoever has a higher id draws higher positions, and once this one has ended, every snapshot's xmax lies
    // above its id. A transaction has its id before it draws a position, because it locks or writes stock first. It
    // writes nothing, so its commit waits for no flush. The sequence is asked by a function: to draw from it, which the
    // server's role may, is enough for that, and to select from it is not allowed.
    private const string FloorSql = """
        -- journal.floor
        SELECT coalesce(pg_sequence_last_value('journal_position'::regclass), 0);
        -- journal.floor_xid
        SELECT pg_current_xact_id()::text
        """;

    private const string UpperSql = """
        -- journal.upper
        SELECT (SELECT era FROM cell) AS era, pg_current_snapshot()::text AS upper, statement_timestamp() AS as_of
        """;

    /// <returns>The cell's era, and a pass that has read nothing.</returns>
    internal static async Task<(long Era, JournalPass Pass)> ExecuteAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        long floor;
        await using (
            var results = await connection.QueryMultipleAsync(
                new CommandDefinition(FloorSql, cancellationToken: cancellation)
            )
        )
        {
            floor = await results.ReadSingleAsync<long>();
            await results.ReadSingleAsync<string>();
        }

        // A command of its own: the floor's transaction must have ended before the snapshot is taken.
        var row = await connection.QuerySingleAsync<(long Era, string Upper, DateTime AsOf)>(
            new CommandDefinition(UpperSql, cancellationToken: cancellation)
        );
        return (row.Era, new JournalPass(row.Upper, floor, row.AsOf, 0));
    }
}
