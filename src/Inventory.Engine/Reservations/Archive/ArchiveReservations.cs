using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations.Archive;

/// <summary>
/// Moves reservations that ended long ago to the archive, a piece of the table at a time, so that it needs no index
/// that sales would have to keep. For a job; safe on many nodes.
/// </summary>
public sealed class ArchiveReservations(Cell cell)
{
    // Who waits for one of these rows, or holds one, goes first: it comes with the next walk. Returns have no time of
    // their own; they are of what was sold, and stay with it wherever it is.
    private const string Sql = """
        -- reservations.archive
        WITH old AS MATERIALIZED (
            SELECT r.reservation_id FROM reservation r
            WHERE r.ctid >= format('(%s,0)', @Block::bigint)::tid AND r.ctid < format('(%s,0)', @Block::bigint + @Blocks::bigint)::tid
                AND r.state >= 3 AND greatest(r.ended_at, r.fulfilled_at) < clock_timestamp() - @Keep::interval
            FOR UPDATE SKIP LOCKED),
        gone AS (
            DELETE FROM reservation r WHERE r.reservation_id = ANY (ARRAY(SELECT reservation_id FROM old))
            RETURNING r.reservation_id, r.fingerprint, r.created_at, r.expires_at, r.ended_at, r.version, r.state, r.caller, r.request_id,
                r.order_id, r.stock_ids, r.quantities, r.terms, r.held, r.confirmed, r.returned, r.fulfilled_at, r.tracking,
                r.fulfillment_note),
        kept AS (
            INSERT INTO reservation_archive (reservation_id, fingerprint, created_at, expires_at, ended_at, version, state, caller,
                request_id, order_id, stock_ids, quantities, terms, held, confirmed, returned, fulfilled_at, tracking, fulfillment_note)
            SELECT g.reservation_id, g.fingerprint, g.created_at, g.expires_at, g.ended_at, g.version, g.state, g.caller, g.request_id,
                g.order_id, g.stock_ids, g.quantities, g.terms, g.held, g.confirmed, g.returned, g.fulfilled_at, g.tracking,
                g.fulfillment_note
            FROM gone g ORDER BY g.reservation_id
            RETURNING 1)
        SELECT (SELECT count(*) FROM kept)::int AS moved,
            pg_relation_size('reservation'::regclass) / current_setting('block_size')::bigint AS blocks
        """;

    private long next;

    /// <summary>How many pages of the table a step looks at, unless said otherwise: 8 MiB.</summary>
    public const int DefaultStepBlocks = 1_024;

    /// <summary>How many pages of the table a step looks at; each step is a transaction.</summary>
    public int StepBlocks { get; init; } = DefaultStepBlocks;

    /// <summary>How many steps a sweep takes before it leaves the rest to the next.</summary>
    public int StepsMax { get; init; } = 64;

    /// <summary>Looks at the next pieces of the table, from the beginning again after the end.</summary>
    /// <param name="keep">How long ago the end, and the delivery, must be.</param>
    /// <param name="cancellation">Ends it after the step.</param>
    /// <returns>How many reservations were moved.</returns>
    /// <exception cref="NpgsqlException">The database is away; what was moved so far stays moved.</exception>
    public async Task<int> SweepAsync(TimeSpan keep, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var moved = 0;
        for (var step = 0; step < StepsMax; step++)
        {
            var parameters = new
            {
                Block = next,
                Blocks = StepBlocks,
                Keep = keep,
            };
            var (count, blocks) = await connection.QuerySingleAsync<(int Moved, long Blocks)>(
                new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
            );
            moved += count;
            next += StepBlocks;
            if (next >= blocks)
            {
                next = 0;
                break;
            }
        }

        return moved;
    }
}
