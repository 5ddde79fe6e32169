using Dapper;
using Npgsql;

namespace Inventory.Engine.Journal.Snapshots;

/// <summary>
/// Writes what stock rows had at some of their versions, added up from the row's last snapshot on.
/// </summary>
internal static class SnapshotStatement
{
    // A row's versions are dense, and who sees a version sees all before it; so what is written is the same whoever
    // writes it and whenever, and who comes second leaves it. Between two that are written none is left out that is
    // due: a row is always walked from its last one on. The latest time so far, and not the change's own: where the
    // clock was put back times would else not rise with versions.
    private const string Sql = """
        -- journal.write_snapshots
        WITH asked AS MATERIALIZED (
            SELECT unnest(@StockIds::bigint[]) AS stock_id, unnest(@Versions::bigint[]) AS version),
        base AS MATERIALIZED (
            SELECT a.stock_id, a.version AS upto, coalesce(b.version, 0) AS version, coalesce(b.at, '-infinity') AS at,
                coalesce(b.on_hand, 0) AS on_hand, coalesce(b.reserved, 0) AS reserved, coalesce(b.damaged, 0) AS damaged,
                coalesce(b.quality_control, 0) AS quality_control, coalesce(b.in_transit, 0) AS in_transit,
                coalesce(b.safety_stock, 0) AS safety_stock, coalesce(b.waiting, 0) AS waiting
            FROM asked a LEFT JOIN LATERAL (
                SELECT p.version, p.at, p.on_hand, p.reserved, p.damaged, p.quality_control, p.in_transit, p.safety_stock, p.waiting
                FROM stock_snapshot p WHERE p.stock_id = a.stock_id ORDER BY p.version DESC LIMIT 1) b ON true),
        walked AS (
            SELECT b.stock_id, b.upto, j.version, greatest(b.at, max(j.at) OVER up) AS at,
                b.on_hand + coalesce(sum(j.on_hand) OVER up, 0) AS on_hand, b.reserved + coalesce(sum(j.reserved) OVER up, 0) AS reserved,
                b.damaged + coalesce(sum(j.damaged) OVER up, 0) AS damaged,
                b.quality_control + coalesce(sum(j.quality_control) OVER up, 0) AS quality_control,
                b.in_transit + coalesce(sum(j.in_transit) OVER up, 0) AS in_transit,
                b.safety_stock + coalesce(sum(j.safety_stock) OVER up, 0) AS safety_stock,
                b.waiting + coalesce(sum(j.waiting) OVER up, 0) AS waiting
            FROM base b, LATERAL (
                SELECT h.version, h.at, h.on_hand, h.reserved, h.damaged, h.quality_control, h.in_transit, h.safety_stock, h.waiting
                FROM journal h WHERE h.stock_id = b.stock_id AND h.version > b.version AND h.version <= b.upto
                UNION ALL
                SELECT h.version, h.at, h.on_hand, h.reserved, h.damaged, h.quality_control, h.in_transit, h.safety_stock, h.waiting
                FROM journal_archive h WHERE h.stock_id = b.stock_id AND h.version > b.version AND h.version <= b.upto) j
            WINDOW up AS (PARTITION BY b.stock_id ORDER BY j.version)),
        written AS (
            INSERT INTO stock_snapshot (stock_id, version, at, on_hand, reserved, damaged, quality_control, in_transit, safety_stock, waiting)
            SELECT w.stock_id, w.version, w.at, w.on_hand, w.reserved, w.damaged, w.quality_control, w.in_transit, w.safety_stock, w.waiting
            FROM walked w WHERE (w.stock_id + w.version) % @Apart::int = 0 OR (@Ends::boolean AND w.version = w.upto)
            ORDER BY w.stock_id, w.version
            ON CONFLICT DO NOTHING
            RETURNING 1)
        SELECT count(*)::int FROM written
        """;

    /// <param name="connection">Its transaction is the caller's.</param>
    /// <param name="rows">Distinct stock rows, and the version of each up to which to write.</param>
    /// <param name="ends">Whether that version is written too, or only those that are due on the way.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>How many were written.</returns>
    internal static Task<int> ExecuteAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<(long StockId, long Version)> rows,
        bool ends,
        CancellationToken cancellation
    ) =>
        connection.QuerySingleAsync<int>(
            new CommandDefinition(
                Sql,
                new
                {
                    StockIds = rows.Select(r => r.StockId).ToArray(),
                    Versions = rows.Select(r => r.Version).ToArray(),
                    Apart = DueVersions.Apart,
                    Ends = ends,
                },
                cancellationToken: cancellation
            )
        );
}
