using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Replenishment;

/// <summary>Lists suggestions and orders page by page, the newest first.</summary>
public sealed class ListReorders(Cell cell, StockDirectory directory)
{
    /// <summary>The most reorders of a page.</summary>
    public const int PageSizeMax = 1_000;

    // One statement each way to them: by item, by warehouse, those that are open, or all.
    private const string ItemSql = """
        -- replenishment.list_of_item
        SELECT r.reorder_id, r.item_id, r.sku, r.warehouse_id, r.warehouse, r.state::int, r.quantity, r.received, r.position, r.reorder_point,
            r.lead_time_days, r.automatic, r.source, r.version, r.created_at, r.approved_at, r.approved_by, r.expected_at, r.ended_at,
            r.ended_by, r.reason
        FROM reorder r
        WHERE r.item_id = @ItemId AND (r.created_at, r.reorder_id) < (@Time, @Id) AND (@State::smallint IS NULL OR r.state = @State)
            AND (@WarehouseId::int IS NULL OR r.warehouse_id = @WarehouseId)
        ORDER BY r.created_at DESC, r.reorder_id DESC LIMIT @Limit
        """;

    private const string WarehouseSql = """
        -- replenishment.list_of_warehouse
        SELECT r.reorder_id, r.item_id, r.sku, r.warehouse_id, r.warehouse, r.state::int, r.quantity, r.received, r.position, r.reorder_point,
            r.lead_time_days, r.automatic, r.source, r.version, r.created_at, r.approved_at, r.approved_by, r.expected_at, r.ended_at,
            r.ended_by, r.reason
        FROM reorder r
        WHERE r.warehouse_id = @WarehouseId AND (r.created_at, r.reorder_id) < (@Time, @Id)
            AND (@State::smallint IS NULL OR r.state = @State)
        ORDER BY r.created_at DESC, r.reorder_id DESC LIMIT @Limit
        """;

    private const string OpenSql = """
        -- replenishment.list_open
        SELECT r.reorder_id, r.item_id, r.sku, r.warehouse_id, r.warehouse, r.state::int, r.quantity, r.received, r.position, r.reorder_point,
            r.lead_time_days, r.automatic, r.source, r.version, r.created_at, r.approved_at, r.approved_by, r.expected_at, r.ended_at,
            r.ended_by, r.reason
        FROM reorder r
        WHERE r.state <= 2 AND r.state = @State AND (r.created_at, r.reorder_id) < (@Time, @Id)
        ORDER BY r.created_at DESC, r.reorder_id DESC LIMIT @Limit
        """;

    private const string AllSql = """
        -- replenishment.list_all
        SELECT r.reorder_id, r.item_id, r.sku, r.warehouse_id, r.warehouse, r.state::int, r.quantity, r.received, r.position, r.reorder_point,
            r.lead_time_days, r.automatic, r.source, r.version, r.created_at, r.approved_at, r.approved_by, r.expected_at, r.ended_at,
            r.ended_by, r.reason
        FROM reorder r
        WHERE (r.created_at, r.reorder_id) < (@Time, @Id) AND (@State::smallint IS NULL OR r.state = @State)
        ORDER BY r.created_at DESC, r.reorder_id DESC LIMIT @Limit
        """;

    /// <summary>Lists a page.</summary>
    /// <param name="filter">What is to match.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ListReordersAnswer> ExecuteAsync(
        ReorderFilter filter,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = filter.Fingerprint();
        var (time, id) = (DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), Guid.AllBitsSet);
        if (!string.IsNullOrEmpty(pageToken) && !TryRead(pageToken, fingerprint, out time, out id))
        {
            return new(ListReordersOutcome.PageTokenInvalid, [], null);
        }

        var names = await ReorderNames.FindAsync(directory, filter.Sku, filter.Warehouse, cancellation);
        if (names.Unknown is { } unknown)
        {
            return new(unknown, [], null);
        }

        var sql =
            names.ItemId is not null ? ItemSql
            : names.WarehouseId is not null ? WarehouseSql
            : filter.State <= ReorderState.Approved ? OpenSql
            : AllSql;
        var parameters = new
        {
            names.ItemId,
            names.WarehouseId,
            State = (short?)filter.State,
            Time = time,
            Id = id,
            Limit = pageSize + 1,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<StoredReorder>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellation)
        );
        var reorders = rows.Select(r => r.ToReorder()).ToArray();
        var page = reorders.Take(pageSize).ToArray();
        var next = reorders.Length > pageSize ? After(page[^1], fingerprint) : null;
        return new(ListReordersOutcome.Listed, page, next);
    }

    private static string After(Reorder last, long fingerprint) =>
        new PageToken(last.CreatedAt.Ticks, $"{last.ReorderId}").Write(fingerprint);

    private static bool TryRead(string token, long fingerprint, out DateTime time, out Guid id)
    {
        (time, id) = (default, default);
        if (!PageToken.TryRead(token, fingerprint, out var place) || !Guid.TryParseExact(place.Text, "D", out id))
        {
            return false;
        }

        time = new DateTime(place.Number, DateTimeKind.Utc);
        return true;
    }
}
