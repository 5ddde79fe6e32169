using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal.Daily;

/// <summary>
/// Adds changes to what is known of their days, in the transaction of whoever follows the journal: each change must
/// come once.
/// </summary>
public static class RollUpDays
{
    // Nearly every change is of a day that its row has already, and that is its last: then the day's end moves by the
    // change alone. Told is what was not so.
    private const string LastDaySql = """
        -- journal.roll_up_last_day
        WITH moved AS MATERIALIZED (
            SELECT unnest(@StockIds::bigint[]) AS stock_id, unnest(@Days::text[])::date AS day, unnest(@Changes::bigint[]) AS changes,
                unnest(@Received::bigint[]) AS received, unnest(@Removed::bigint[]) AS removed, unnest(@Held::bigint[]) AS held,
                unnest(@Confirmed::bigint[]) AS confirmed, unnest(@Released::bigint[]) AS released, unnest(@Expired::bigint[]) AS expired,
                unnest(@Reserved::bigint[]) AS reserved),
        added AS (
            UPDATE stock_daily d SET changes = d.changes + m.changes, received = d.received + m.received, removed = d.removed + m.removed,
                held = d.held + m.held, confirmed = d.confirmed + m.confirmed, released = d.released + m.released,
                expired = d.expired + m.expired, on_hand = d.on_hand + m.received - m.removed, reserved = d.reserved + m.reserved
            FROM moved m
            WHERE d.stock_id = m.stock_id AND d.day = m.day
                AND m.day = (SELECT max(e.day) FROM stock_daily e WHERE e.stock_id = m.stock_id)
            RETURNING m.stock_id, m.day)
        SELECT m.stock_id, m.day::text AS day FROM moved m
        WHERE NOT EXISTS (SELECT FROM added a WHERE a.stock_id = m.stock_id AND a.day = m.day)
        """;

    // A day's end is that of the last day before, and what happened since. A change may come late, of a day that others
    // have followed (the clock was put back): then it moves the ends of those too.
    private const string Sql = """
        -- journal.roll_up_days
        WITH moved AS MATERIALIZED (
            SELECT unnest(@StockIds::bigint[]) AS stock_id, unnest(@Days::text[])::date AS day, unnest(@Changes::bigint[]) AS changes,
                unnest(@Received::bigint[]) AS received, unnest(@Removed::bigint[]) AS removed, unnest(@Held::bigint[]) AS held,
                unnest(@Confirmed::bigint[]) AS confirmed, unnest(@Released::bigint[]) AS released, unnest(@Expired::bigint[]) AS expired,
                unnest(@Reserved::bigint[]) AS reserved),
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
        INSERT INTO stock_daily AS d (stock_id, day, changes, received, removed, held, confirmed, released, expired, on_hand, reserved)
        SELECT s.stock_id, s.day, s.changes, s.received, s.removed, s.held, s.confirmed, s.released, s.expired,
            coalesce(p.on_hand, 0) + s.on_hand, coalesce(p.reserved, 0) + s.reserved
        FROM summed s LEFT JOIN LATERAL (
            SELECT e.on_hand, e.reserved FROM stock_daily e WHERE e.stock_id = s.stock_id AND e.day <= s.day
            ORDER BY e.day DESC LIMIT 1) p ON true
        ORDER BY s.stock_id, s.day
        ON CONFLICT (stock_id, day) DO UPDATE SET changes = d.changes + EXCLUDED.changes, received = d.received + EXCLUDED.received,
            removed = d.removed + EXCLUDED.removed, held = d.held + EXCLUDED.held, confirmed = d.confirmed + EXCLUDED.confirmed,
            released = d.released + EXCLUDED.released, expired = d.expired + EXCLUDED.expired, on_hand = EXCLUDED.on_hand,
            reserved = EXCLUDED.reserved
        """;

    /// <summary>Adds changes.</summary>
    /// <param name="connection">In whose transaction the reader's place is stored.</param>
    /// <param name="entries">In the journal's order.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public static async Task ExecuteAsync(
        NpgsqlConnection connection,
        IReadOnlyList<JournalEntry> entries,
        CancellationToken cancellation
    )
    {
        var days = SumByDay(entries);
        if (days.Count == 0)
        {
            return;
        }

        var left = await connection.QueryAsync<(long StockId, string Day)>(
            new CommandDefinition(LastDaySql, Parameters(days), cancellationToken: cancellation)
        );
        var rest = left.ToDictionary(row => row, row => days[row]);
        if (rest.Count > 0)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(Sql, Parameters(rest), cancellationToken: cancellation)
            );
        }
    }

    private static Dictionary<(long StockId, string Day), DayMoves> SumByDay(IReadOnlyList<JournalEntry> entries)
    {
        var days = new Dictionary<(long StockId, string Day), DayMoves>();
        // Of many rows in turn nearly all are of one day, whose text is made once.
        var (last, text) = (DateOnly.MinValue, DayText.Of(DateOnly.MinValue));
        foreach (var entry in entries.Where(e => e.StockId is not null))
        {
            var day = DateOnly.FromDateTime(entry.At.ToUniversalTime());
            if (day != last)
            {
                (last, text) = (day, DayText.Of(day));
            }

            var key = (entry.StockId!.Value, text);
            if (!days.TryGetValue(key, out var moves))
            {
                days.Add(key, moves = new());
            }

            moves.Add(entry);
        }

        return days;
    }

    private static object Parameters(Dictionary<(long StockId, string Day), DayMoves> days) =>
        new
        {
            StockIds = days.Keys.Select(k => k.StockId).ToArray(),
            Days = days.Keys.Select(k => k.Day).ToArray(),
            Changes = days.Values.Select(m => m.Changes).ToArray(),
            Received = days.Values.Select(m => m.Received).ToArray(),
            Removed = days.Values.Select(m => m.Removed).ToArray(),
            Held = days.Values.Select(m => m.Held).ToArray(),
            Confirmed = days.Values.Select(m => m.Confirmed).ToArray(),
            Released = days.Values.Select(m => m.Released).ToArray(),
            Expired = days.Values.Select(m => m.Expired).ToArray(),
            Reserved = days.Values.Select(m => m.Reserved).ToArray(),
        };

    private sealed class DayMoves
    {
        internal long Changes { get; private set; }

        internal long Received { get; private set; }

        internal long Removed { get; private set; }

        internal long Held { get; private set; }

        internal long Confirmed { get; private set; }

        internal long Released { get; private set; }

        internal long Expired { get; private set; }

        internal long Reserved { get; private set; }

        internal void Add(JournalEntry entry)
        {
            Changes++;
            Received += Math.Max(entry.OnHand, 0);
            Removed += Math.Max(-entry.OnHand, 0);
            Reserved += entry.Reserved;
            Held += Math.Max(entry.Reserved, 0);
            switch (entry.Kind)
            {
                case JournalKind.Confirmed or JournalKind.Reacquired:
                    Confirmed -= entry.OnHand;
                    break;
                case JournalKind.Cancelled or JournalKind.Failed or JournalKind.Released:
                    Released -= entry.Reserved;
                    break;
                case JournalKind.Expired:
                    Expired -= entry.Reserved;
                    break;
            }
        }
    }
}
