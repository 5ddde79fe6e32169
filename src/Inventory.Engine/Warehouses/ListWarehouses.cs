using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Warehouses;

/// <summary>Lists warehouses page by page, by priority (as they are drawn on) or by code.</summary>
public sealed class ListWarehouses(Cell cell)
{
    /// <summary>The most warehouses of a page.</summary>
    public const int PageSizeMax = 1_000;

    // They are few: each page sorts what matches.
    private const string PrioritySql = """
        -- warehouses.list_by_priority
        SELECT w.warehouse_id, w.code, w.name, w.type::int, w.priority, w.active, w.revision, w.created_at, w.updated_at,
            w.address, w.city, w.region, w.postal_code, w.country_code, w.latitude, w.longitude
        FROM warehouse w
        WHERE (@Active::boolean IS NULL OR w.active = @Active) AND (@Type::smallint IS NULL OR w.type = @Type)
            AND (w.priority, w.warehouse_id) > (@Priority::int, @WarehouseId::int)
        ORDER BY w.priority, w.warehouse_id LIMIT @Limit
        """;

    private const string CodeSql = """
        -- warehouses.list_by_code
        SELECT w.warehouse_id, w.code, w.name, w.type::int, w.priority, w.active, w.revision, w.created_at, w.updated_at,
            w.address, w.city, w.region, w.postal_code, w.country_code, w.latitude, w.longitude
        FROM warehouse w
        WHERE (@Active::boolean IS NULL OR w.active = @Active) AND (@Type::smallint IS NULL OR w.type = @Type)
            AND w.code > @Code
        ORDER BY w.code LIMIT @Limit
        """;

    /// <summary>Lists a page.</summary>
    /// <param name="filter">What is to match, and the order.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ListWarehousesAnswer> ExecuteAsync(
        WarehouseFilter filter,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = filter.Fingerprint();
        var place = new PageToken(0, "");
        if (!string.IsNullOrEmpty(pageToken) && !PageToken.TryRead(pageToken, fingerprint, out place))
        {
            return new(ListWarehousesOutcome.PageTokenInvalid, [], null);
        }

        var parameters = new
        {
            filter.Active,
            Type = (short?)filter.Type,
            Code = place.Text,
            Priority = (int)(place.Number >> 32),
            WarehouseId = (int)place.Number,
            Limit = pageSize + 1,
        };
        var sql = filter.ByCode ? CodeSql : PrioritySql;
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = (
            await connection.QueryAsync<StoredWarehouse>(
                new CommandDefinition(sql, parameters, cancellationToken: cancellation)
            )
        ).AsList();
        var page = rows.Take(pageSize).Select(r => r.ToWarehouse()).ToArray();
        var next = rows.Count > pageSize ? After(page[^1], filter.ByCode).Write(fingerprint) : null;
        return new(ListWarehousesOutcome.Listed, page, next);
    }

    private static PageToken After(Warehouse last, bool byCode) =>
        byCode ? new(0, last.Code) : new(((long)last.Priority << 32) | (uint)last.WarehouseId, "");
}

/// <summary>What became of a request to list warehouses. Append only; a number is never used again.</summary>
public enum ListWarehousesOutcome
{
    /// <summary>The page is there.</summary>
    Listed = 1,

    /// <summary>The page token was not made by this operation for this filter and order.</summary>
    PageTokenInvalid = 2,
}

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Warehouses">At most as many as asked for.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record ListWarehousesAnswer(
    ListWarehousesOutcome Outcome,
    IReadOnlyList<Warehouse> Warehouses,
    string? NextPageToken
);
