using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Replenishment;

/// <summary>
/// Forecasts demand from the journal: what was sold each day, less what came back, at all warehouses or at one.
/// </summary>
public sealed class GetForecast(Cell cell, StockDirectory directory)
{
    /// <summary>How far back it looks where a request does not say.</summary>
    public const int DefaultWeeks = 12;

    /// <summary>How far back it looks at most.</summary>
    public const int WeeksMax = 104;

    /// <summary>Stock that lasts longer is said to last so long.</summary>
    public const int CoverDaysMax = 365;

    /// <summary>Where neither request nor policy says.</summary>
    public const int DefaultLeadTimeDays = 7;

    /// <summary>Where neither request nor policy says.</summary>
    public const double DefaultServiceLevel = 0.95;

    // Days are UTC's. A row that began within the time tells so by its first entry, so that the days before it are not
    // taken for days without demand.
    private const string ShelvesSql = """
        -- replenishment.forecast_shelves
        SELECT date_trunc('day', clock_timestamp(), 'UTC') AS today,
            coalesce(array_agg(s.stock_id) FILTER (WHERE s.stock_id IS NOT NULL), '{}') AS stock_ids,
            coalesce(sum(greatest(s.available, 0)), 0)::bigint AS available,
            min(CASE WHEN s.version > 0
                THEN coalesce((SELECT j.at FROM journal j WHERE j.stock_id = s.stock_id AND j.version = 1 LIMIT 1), '-infinity') END) AS began
        FROM (SELECT) one
        LEFT JOIN stock s ON s.item_id = @ItemId AND (@WarehouseId::int IS NULL OR s.warehouse_id = @WarehouseId)
        """;

    // What was sold (2, and 42 after a lapse), less what came back (41). One row a day, however many sales.
    private const string DemandSql = """
        -- replenishment.demand
        SELECT floor(extract(epoch FROM j.at - @From::timestamptz) / 86400)::int AS day, (-sum(j.on_hand))::bigint AS quantity
        FROM journal j
        WHERE j.stock_id = ANY (@StockIds) AND j.at >= @From AND j.at < @Until AND j.kind IN (2, 41, 42, 82, 83) AND j.on_hand <> 0
        GROUP BY 1
        """;

    private sealed class ShelvesRow
    {
        public DateTime Today { get; init; }

        public long[] StockIds { get; init; } = [];

        public long Available { get; init; }

        public DateTime? Began { get; init; }
    }

    /// <summary>Forecasts.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ForecastAnswer> ExecuteAsync(ForecastRequest request, CancellationToken cancellation)
    {
        var names = await ReorderNames.FindAsync(directory, request.Sku, request.Warehouse, cancellation);
        if (names.Unknown is { } unknown)
        {
            return new(
                unknown == ListReordersOutcome.SkuUnknown
                    ? ForecastOutcome.SkuUnknown
                    : ForecastOutcome.WarehouseUnknown,
                null
            );
        }

        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var position = names.WarehouseId is { } warehouseId
            ? (
                await ReorderPositions.ReadAsync(connection, [(names.ItemId!.Value, warehouseId)], cancellation)
            ).FirstOrDefault()
            : null;
        var shelves = await connection.QuerySingleAsync<ShelvesRow>(
            new CommandDefinition(ShelvesSql, new { names.ItemId, names.WarehouseId }, cancellationToken: cancellation)
        );
        var from = shelves.Today.AddDays(-(request.Weeks ?? DefaultWeeks) * DemandForecast.Week);
        var first = shelves.Began is { } began && began > from ? began.Date : from;
        first = shelves.Began is null || first > shelves.Today ? shelves.Today : first;
        var days = await ReadAsync(connection, shelves, first, cancellation);
        var leadTime = request.LeadTimeDays ?? position?.LeadTimeDays ?? DefaultLeadTimeDays;
        var level = request.ServiceLevel ?? position?.ServiceLevel ?? DefaultServiceLevel;
        return new(
            ForecastOutcome.Done,
            new(first, days, DemandForecast.Fit([.. days.Select(d => (double)d)]), shelves.Available, leadTime, level)
        );
    }

    /// <summary>Of the whole days until today, which has not ended.</summary>
    private static async Task<long[]> ReadAsync(
        NpgsqlConnection connection,
        ShelvesRow shelves,
        DateTime first,
        CancellationToken cancellation
    )
    {
        var days = new long[(shelves.Today - first).Days];
        var parameters = new
        {
            shelves.StockIds,
            From = first,
            Until = shelves.Today,
        };
        var rows = await connection.QueryAsync<(int Day, long Quantity)>(
            new CommandDefinition(DemandSql, parameters, cancellationToken: cancellation)
        );
        foreach (var (day, quantity) in rows)
        {
            days[day] = quantity;
        }

        return days;
    }
}
