using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Counts;

/// <summary>Lists counts page by page, the newest first.</summary>
public sealed class ListCounts(Cell cell, StockDirectory directory)
{
    private const string Sql = """
        -- counts.list
        SELECT c.count_id, c.created_at, c.ended_at, c.version, c.warehouse_id, c.state::int, c.whole, c.blind, c.warehouse, c.caller,
            c.request_id, c.reason
        FROM stock_count c
        WHERE (c.created_at, c.count_id) < (@Time, @Id) AND (@State::smallint IS NULL OR c.state = @State::smallint)
        ORDER BY c.created_at DESC, c.count_id DESC LIMIT @Limit
        """;

    private const string WarehouseSql = """
        -- counts.list_of_warehouse
        SELECT c.count_id, c.created_at, c.ended_at, c.version, c.warehouse_id, c.state::int, c.whole, c.blind, c.warehouse, c.caller,
            c.request_id, c.reason
        FROM stock_count c
        WHERE c.warehouse_id = @WarehouseId AND (c.created_at, c.count_id) < (@Time, @Id)
            AND (@State::smallint IS NULL OR c.state = @State::smallint)
        ORDER BY c.created_at DESC, c.count_id DESC LIMIT @Limit
        """;

    /// <summary>The most counts of a page.</summary>
    public const int PageSizeMax = 1_000;

    /// <summary>Lists a page.</summary>
    /// <param name="filter">What is to match.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ListCountsAnswer> ExecuteAsync(
        CountFilter filter,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = filter.Fingerprint();
        if (!CountPlace.TryRead(pageToken, fingerprint, out var place))
        {
            return new(ListCountsOutcome.PageTokenInvalid, [], null);
        }

        WarehouseRow? warehouse = null;
        if (filter.Warehouse is { } name)
        {
            warehouse = await directory.FindWarehouseAsync(name, cancellation);
            if (warehouse is null)
            {
                return new(ListCountsOutcome.WarehouseUnknown, [], null);
            }
        }

        var parameters = new
        {
            WarehouseId = warehouse?.WarehouseId ?? 0,
            State = (short?)filter.State,
            place.Time,
            Id = place.CountId,
            Limit = pageSize + 1,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var sql = warehouse is null ? Sql : WarehouseSql;
        var rows = await connection.QueryAsync<StoredCount>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellation)
        );
        var found = rows.AsList();
        var page = found.Take(pageSize).Select(r => r.ToCount()).ToArray();
        var next = found.Count > pageSize ? new CountPlace(page[^1].CreatedAt, page[^1].CountId, 0, 0) : null;
        return new(ListCountsOutcome.Listed, page, next?.Write(fingerprint));
    }
}
