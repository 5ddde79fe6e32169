using Dapper;
using Npgsql;

namespace Inventory.Engine.Journal.Daily;

/// <summary>
/// Adds up what happened to stock rows on each day, up to one of their versions. What is behind that,
/// <see cref="ListDailyStock"/> adds when it is asked: so a row is written once for many of its changes, and a day that
/// is over needs nobody to close it.
/// </summary>
internal static class RollUpDays
{
    // A row's versions are dense, and who sees a version sees all before it: what is added is all between the version
    // that its last day names and the one that is asked for, and to ask again adds nothing. A day's end is that of the
    // last day before, and what happened since. A change may come late, of a day that others have followed (the clock
    // was put back): then it moves the ends of those too. So the last day is always among those that are written.
    private const string Sql = """
        -- journal.roll_up_days
        WITH asked AS MATERIALIZED (
            SELECT a.stock_id, a.version, coalesce(l.version, 0) AS after
            FROM (SELECT unnest(@StockIds::bigint[]) AS stock_id, unnest(@Versions::bigint[]) AS version) a
            LEFT JOIN LATERAL (
                SELECT e.version FROM stock_daily e WHERE e.stock_id = a.stock_id ORDER BY e.day DESC LIMIT 1) l ON true),
        moved AS MATERIALIZED (
            SELECT a.stock_id, (j.at AT TIME ZONE 'UTC')::date AS day, count(*) AS changes,
                coalesce(sum(j.on_hand) FILTER (WHERE j.on_hand > 0), 0) AS received,
                coalesce(-sum(j.on_hand) FILTER (WHERE j.on_hand < 0), 0) AS removed,
                coalesce(sum(j.reserved) FILTER (WHERE j.reserved > 0), 0) AS held,
                coalesce(-sum(j.on_hand) FILTER (WHERE j.kind IN (2, 42)), 0) AS confirmed,
                coalesce(-sum(j.reserved) FILTER (WHERE j.kind IN (4, 5, 40)), 0) AS released,
                coalesce(-sum(j.reserved) FILTER (WHERE j.kind = 6), 0) AS expired, coalesce(sum(j.reserved), 0) AS reserved
            FROM asked a CROSS JOIN LATERAL (
                SELECT h.at, h.on_hand, h.reserved, h.kind FROM journal h
                WHERE h.stock_id = a.stock_id AND h.version > a.after AND h.version <= a.version
                UNION ALL
                SELECT h.at, h.on_hand, h.reserved, h.kind FROM journal_archive h
                WHERE h.stock_id = a.stock_id AND h.version > a.after AND h.version <= a.version) j
            GROUP BY 1, 2),
        touched AS MATERIALIZED (
            SELECT stock_id, day FROM moved
            UNION
            SELECT d.stock_id, d.day FROM (SELECT stock_id, min(day) AS first FROM moved GROUP BY stock_id) b, LATERAL (
                SELECT e.stock_id, e.day FROM stock_daily e WHERE e.stock_id = b.stock_id AND e.day > b.first) d),
        summed AS MATERIALIZED (
            SELECT t.stock_id, t.day, coalesce(m.changes, 0) AS changes, coalesce(m.received, 0) AS received,
                coalesce(m.removed, 0) AS removed, coalesce(m.held, 0) AS held, coalesce(m.confirmed, 0) AS confirmed,
                coalesce(m.released, 0) AS released, coalesce(m.expired, 0) AS expired,
                sum(coalesce(m.received - m.removed, 0)) OVER up AS on_hand, sum(coalesce(m.reserved, 0)) OVER up AS reserved
            FROM touched t LEFT JOIN moved m ON m.stock_id = t.stock_id AND m.day = t.day
            WINDOW up AS (PARTITION BY t.stock_id ORDER BY t.day))
        INSERT INTO stock_daily AS d
            (stock_id, day, changes, received, removed, held, confirmed, released, expired, on_hand, reserved, version)
        SELECT s.stock_id, s.day, s.changes, s.received, s.removed, s.held, s.confirmed, s.released, s.expired,
            coalesce(p.on_hand, 0) + s.on_hand, coalesce(p.reserved, 0) + s.reserved, a.version
        FROM summed s JOIN asked a ON a.stock_id = s.stock_id LEFT JOIN LATERAL (
            SELECT e.on_hand, e.reserved FROM stock_daily e WHERE e.stock_id = s.stock_id AND e.day <= s.day
            ORDER BY e.day DESC LIMIT 1) p ON true
        ORDER BY s.stock_id, s.day
        ON CONFLICT (stock_id, day) DO UPDATE SET changes = d.changes + EXCLUDED.changes, received = d.received + EXCLUDED.received,
            removed = d.removed + EXCLUDED.removed, held = d.held + EXCLUDED.held, confirmed = d.confirmed + EXCLUDED.confirmed,
            released = d.released + EXCLUDED.released, expired = d.expired + EXCLUDED.expired, on_hand = EXCLUDED.on_hand,
            reserved = EXCLUDED.reserved, version = EXCLUDED.version
        """;

    /// <param name="connection">In the transaction of whoever follows the journal.</param>
    /// <param name="rows">
    /// Stock rows, and the version of each up to which to add; what was added before is left out.
    /// </param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal static Task ExecuteAsync(
        NpgsqlConnection connection,
        IReadOnlyDictionary<long, long> rows,
        CancellationToken cancellation
    ) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                Sql,
                new { StockIds = rows.Keys.ToArray(), Versions = rows.Values.ToArray() },
                cancellationToken: cancellation
            )
        );
}
