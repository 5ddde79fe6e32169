using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal.Daily;

/// <summary>
/// Lists what happened to an item's stock day by day, the oldest first; each day from its first change on.
/// </summary>
public sealed class ListDailyStock(Cell cell, StockDirectory directory)
{
    // A day without changes has no row; it is told all the same, with what the day before ended with.
    private const string Sql = """
        -- journal.list_days
        SELECT l.day::text AS day, l.stock_id, l.changes, l.received, l.removed, l.held, l.confirmed, l.released, l.expired, l.on_hand,
            l.reserved
        FROM (
            SELECT g.day::date AS day, k.stock_id, CASE WHEN d.day = g.day::date THEN d.changes ELSE 0 END AS changes,
                CASE WHEN d.day = g.day::date THEN d.received ELSE 0 END AS received,
                CASE WHEN d.day = g.day::date THEN d.removed ELSE 0 END AS removed, CASE WHEN d.day = g.day::date THEN d.held ELSE 0 END AS held,
                CASE WHEN d.day = g.day::date THEN d.confirmed ELSE 0 END AS confirmed,
                CASE WHEN d.day = g.day::date THEN d.released ELSE 0 END AS released,
                CASE WHEN d.day = g.day::date THEN d.expired ELSE 0 END AS expired, d.on_hand, d.reserved
            FROM generate_series(greatest(@From::text::date, @AfterDay::text::date)::timestamp,
                    least(@To::text::date, (clock_timestamp() AT TIME ZONE 'UTC')::date)::timestamp, interval '1 day') AS g (day)
            CROSS JOIN unnest(@StockIds::bigint[]) AS k (stock_id)
            CROSS JOIN LATERAL (
                SELECT e.day, e.changes, e.received, e.removed, e.held, e.confirmed, e.released, e.expired, e.on_hand, e.reserved
                FROM stock_daily e WHERE e.stock_id = k.stock_id AND e.day <= g.day::date ORDER BY e.day DESC LIMIT 1) d) l
        WHERE (l.day, l.stock_id) > (@AfterDay::text::date, @AfterStockId::bigint)
        ORDER BY l.day, l.stock_id LIMIT @Limit
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
