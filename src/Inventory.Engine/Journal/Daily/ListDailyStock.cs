using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal.Daily;

/// <summary>
/// Lists what happened to an item's stock day by day, the oldest first; each day from its first change on.
/// </summary>
public sealed class ListDailyStock(Cell cell, StockDirectory directory)
{
    // What the days have not been given yet is added up here: the changes behind the version that a row's last day
    // names. A day without changes has no row; it is told all the same, with what the day before ended with.
    private const string Sql = """
        -- journal.list_days
        WITH asked AS MATERIALIZED (
            SELECT k.stock_id, coalesce(l.version, 0) AS after
            FROM unnest(@StockIds::bigint[]) AS k (stock_id) LEFT JOIN LATERAL (
                SELECT e.version FROM stock_daily e WHERE e.stock_id = k.stock_id ORDER BY e.day DESC LIMIT 1) l ON true),
        late AS MATERIALIZED (
            SELECT a.stock_id, (j.at AT TIME ZONE 'UTC')::date AS day, count(*) AS changes,
                coalesce(sum(j.on_hand) FILTER (WHERE j.on_hand > 0), 0) AS received,
                coalesce(-sum(j.on_hand) FILTER (WHERE j.on_hand < 0), 0) AS removed,
                coalesce(sum(j.reserved) FILTER (WHERE j.reserved > 0), 0) AS held,
                coalesce(-sum(j.on_hand) FILTER (WHERE j.kind IN (2, 42)), 0) AS confirmed,
                coalesce(-sum(j.reserved) FILTER (WHERE j.kind IN (4, 5, 40)), 0) AS released,
                coalesce(-sum(j.reserved) FILTER (WHERE j.kind = 6), 0) AS expired, coalesce(sum(j.reserved), 0) AS reserved
            FROM asked a CROSS JOIN LATERAL (
                SELECT h.at, h.on_hand, h.reserved, h.kind FROM journal h WHERE h.stock_id = a.stock_id AND h.version > a.after
                UNION ALL
                SELECT h.at, h.on_hand, h.reserved, h.kind FROM journal_archive h
                WHERE h.stock_id = a.stock_id AND h.version > a.after) j
            GROUP BY 1, 2)
        SELECT g.day::date::text AS day, a.stock_id, coalesce(e.changes, 0) + coalesce(t.changes, 0) AS changes,
            (coalesce(e.received, 0) + coalesce(t.received, 0))::bigint AS received,
            (coalesce(e.removed, 0) + coalesce(t.removed, 0))::bigint AS removed,
            (coalesce(e.held, 0) + coalesce(t.held, 0))::bigint AS held,
            (coalesce(e.confirmed, 0) + coalesce(t.confirmed, 0))::bigint AS confirmed,
            (coalesce(e.released, 0) + coalesce(t.released, 0))::bigint AS released,
            (coalesce(e.expired, 0) + coalesce(t.expired, 0))::bigint AS expired,
            (coalesce(d.on_hand, 0) + coalesce(u.on_hand, 0))::bigint AS on_hand,
            (coalesce(d.reserved, 0) + coalesce(u.reserved, 0))::bigint AS reserved
        FROM generate_series(greatest(@From::text::date, @AfterDay::text::date)::timestamp,
                least(@To::text::date, (clock_timestamp() AT TIME ZONE 'UTC')::date)::timestamp, interval '1 day') AS g (day)
        CROSS JOIN asked a
        LEFT JOIN LATERAL (
            SELECT b.day, b.on_hand, b.reserved FROM stock_daily b WHERE b.stock_id = a.stock_id AND b.day <= g.day::date
            ORDER BY b.day DESC LIMIT 1) d ON true
        LEFT JOIN stock_daily e ON e.stock_id = a.stock_id AND e.day = g.day::date AND d.day = e.day
        LEFT JOIN late t ON t.stock_id = a.stock_id AND t.day = g.day::date
        LEFT JOIN LATERAL (
            SELECT sum(w.received - w.removed) AS on_hand, sum(w.reserved) AS reserved FROM late w
            WHERE w.stock_id = a.stock_id AND w.day <= g.day::date) u ON true
        WHERE (g.day::date, a.stock_id) > (@AfterDay::text::date, @AfterStockId::bigint) AND (d.day IS NOT NULL OR u.on_hand IS NOT NULL)
        ORDER BY g.day, a.stock_id LIMIT @Limit
        """;

    /// <summary>The most days and warehouses of a page.</summary>
    public const int PageSizeMax = 1_000;

    /// <summary>The most days that are asked for at once.</summary>
    public const int DaysMax = 3_660;

    /// <summary>Lists a page.</summary>
    /// <param name="filter">Which; at most <see cref="DaysMax"/> days. What is to come is left out.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<DailyStockAnswer> ExecuteAsync(
        DailyStockFilter filter,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = filter.Fingerprint();
        var (afterDay, afterStockId) = (DateOnly.MinValue, 0L);
        if (!string.IsNullOrEmpty(pageToken))
        {
            if (
                !PageToken.TryRead(pageToken, fingerprint, out var place) || !DayText.TryParse(place.Text, out afterDay)
            )
            {
                return new(DailyStockOutcome.PageTokenInvalid, [], null);
            }

            afterStockId = place.Number;
        }

        var item = (await directory.ReadAsync([filter.Sku], cancellation)).GetValueOrDefault(filter.Sku);
        if (item is null)
        {
            return new(DailyStockOutcome.SkuUnknown, [], null);
        }

        var warehouse = filter.Warehouse is { } name ? await directory.FindWarehouseAsync(name, cancellation) : null;
        if (filter.Warehouse is not null && warehouse is null)
        {
            return new(DailyStockOutcome.WarehouseUnknown, [], null);
        }

        var wanted = item.Rows.Where(r => warehouse is null || r.WarehouseId == warehouse.WarehouseId);
        var parameters = new
        {
            StockIds = wanted.Select(r => r.StockId).ToArray(),
            From = DayText.Of(filter.From),
            To = DayText.Of(filter.To),
            AfterDay = DayText.Of(afterDay),
            AfterStockId = afterStockId,
            Limit = pageSize + 1,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var rows = (await connection.QueryAsync<DailyRow>(command)).AsList();
        var owners = await directory.DescribeAsync([.. rows.Select(r => r.StockId).Distinct()], cancellation);
        var page = rows.Take(pageSize).Select(r => r.ToDay(owners.GetValueOrDefault(r.StockId))).ToArray();
        var next =
            rows.Count > pageSize
                ? new PageToken(rows[pageSize - 1].StockId, rows[pageSize - 1].Day).Write(fingerprint)
                : null;
        return new(DailyStockOutcome.Listed, page, next);
    }

    private sealed class DailyRow
    {
        public string Day { get; init; } = "";

        public long StockId { get; init; }

        public long Changes { get; init; }

        public long Received { get; init; }

        public long Removed { get; init; }

        public long Held { get; init; }

        public long Confirmed { get; init; }

        public long Released { get; init; }

        public long Expired { get; init; }

        public long OnHand { get; init; }

        public long Reserved { get; init; }

        internal DailyStock ToDay(StockOwner? owner) =>
            new()
            {
                Day = Day,
                StockId = StockId,
                Sku = owner?.Sku ?? "",
                Warehouse = owner?.Warehouse ?? "",
                Changes = Changes,
                Opening = OnHand - Received + Removed,
                Received = Received,
                Removed = Removed,
                Held = Held,
                Confirmed = Confirmed,
                Released = Released,
                Expired = Expired,
                Closing = OnHand,
                ClosingReserved = Reserved,
            };
    }
}
