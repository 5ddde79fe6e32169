using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;

namespace Inventory.Engine.Journal;

/// <summary>
/// Verifies that each reservation's state, times and lines agree, within the snapshot of the transaction that it runs
/// in.
/// </summary>
internal static class VerifyReservations
{
    // Goods come back to any stock row, so returns are added up by reservation, over the whole journal.
    //
    // Of the first, expected is the state that the row's other columns speak for: 2 where it has not ended, 0 where
    // nothing fits them.
    private const string Sql = """
        -- journal.verify_reservations
        SELECT 5 AS invariant, r.reservation_id,
            CASE WHEN r.ended_at IS NULL AND cardinality(r.stock_ids) > 0 THEN 2 ELSE 0 END::bigint AS expected, r.state::bigint AS actual
        FROM (
            SELECT reservation_id, state, ended_at, expires_at, version, stock_ids, quantities FROM reservation
            UNION ALL
            SELECT reservation_id, state, ended_at, expires_at, version, stock_ids, quantities FROM reservation_archive) r
        WHERE (r.state IN (1, 2)) <> (r.ended_at IS NULL)
            OR (r.state = 7 AND r.ended_at < r.expires_at) OR r.version < 1
            OR (r.state <> 1 AND cardinality(r.stock_ids) = 0)
            OR array_position(r.stock_ids, NULL) IS NOT NULL OR array_position(r.quantities, NULL) IS NOT NULL
            OR 0 >= ANY (r.quantities)
            OR cardinality(r.stock_ids) <> cardinality(ARRAY(SELECT DISTINCT unnest(r.stock_ids)))
        UNION ALL
        SELECT 14, coalesce(t.reservation_id, j.document), coalesce(t.returned, 0), coalesce(j.on_hand, 0)
        FROM (
            SELECT r.reservation_id, (SELECT sum(u.quantity) FROM unnest(r.returned) AS u (quantity))::bigint AS returned
            FROM (
                SELECT reservation_id, returned FROM reservation UNION ALL SELECT reservation_id, returned FROM reservation_archive) r
            WHERE r.returned IS NOT NULL) t
        FULL JOIN (
            SELECT h.document, sum(h.on_hand)::bigint AS on_hand
            FROM (
                SELECT document, on_hand, kind FROM journal UNION ALL SELECT document, on_hand, kind FROM journal_archive) h
            WHERE h.kind = 41 GROUP BY h.document) j
            ON j.document = t.reservation_id
        WHERE coalesce(t.returned, 0) <> coalesce(j.on_hand, 0)
        """;

    internal static async IAsyncEnumerable<VerifyViolation> ExecuteAsync(
        NpgsqlConnection connection,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        // Not buffered: if all are wrong there may be millions.
        await using var reader = await connection.ExecuteReaderAsync(VerifyInventory.Command(Sql, null, cancellation));
        var parse = reader.GetRowParser<VerifyViolation>();
        while (await reader.ReadAsync(cancellation))
        {
            yield return parse(reader);
        }
    }
}
