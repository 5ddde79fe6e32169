using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Counts;

/// <summary>Lists the differences that counts have found, page by page, those counted last first.</summary>
public sealed class ListDiscrepancies(Cell cell, StockDirectory directory)
{
    private const string Sql = """
        -- counts.list_discrepancies
        SELECT l.count_id, c.warehouse, l.item_id, l.sku, l.state::int, l.counted, l.expected, l.stock_version,
            trim_scale(abs(l.counted - l.expected) * l.unit_cost)::text AS value, l.unit_cost_currency AS currency,
            l.counted_at, l.counted_by, l.approved_at, l.approved_by
        FROM count_line l JOIN stock_count c ON c.count_id = l.count_id
        WHERE l.counted <> l.expected
            AND (l.counted_at, l.count_id, l.item_id, l.state) < (@Time, @CountId, @ItemId, @State::smallint)
            AND (@OfCountId::uuid IS NULL OR l.count_id = @OfCountId::uuid)
            AND (@OfItemId::bigint IS NULL OR l.item_id = @OfItemId::bigint)
            AND (@WarehouseId::int IS NULL OR c.warehouse_id = @WarehouseId::int)
            AND (@Approved::boolean IS NULL OR (l.approved_at IS NOT NULL) = @Approved::boolean)
        ORDER BY l.counted_at DESC, l.count_id DESC, l.item_id DESC, l.state DESC LIMIT @Limit
        """;

    /// <summary>The most differences of a page.</summary>
    public const int PageSizeMax = 1_000;

    /// <summary>Lists a page.</summary>
    /// <param name="filter">What is to match.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ListDiscrepanciesAnswer> ExecuteAsync(
        DiscrepancyFilter filter,
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

        ItemRows? item = null;
        if (filter.Sku is { } sku)
        {
            item = (await directory.FindAsync([sku], cancellation)).GetValueOrDefault(sku);
            if (item is null)
            {
                return new(ListCountsOutcome.SkuUnknown, [], null);
            }
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
            place.Time,
            place.CountId,
            place.ItemId,
            State = (short)place.State,
            OfCountId = filter.CountId,
            OfItemId = item?.ItemId,
            warehouse?.WarehouseId,
            filter.Approved,
            Limit = pageSize + 1,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<CountLineRow>(
            new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
        );
        var found = rows.AsList();
        var page = found.Take(pageSize).Select(r => new Discrepancy(r.CountId, r.Warehouse, r.ToLine())).ToArray();
        var next = found.Count > pageSize ? After(page[^1]) : null;
        return new(ListCountsOutcome.Listed, page, next?.Write(fingerprint));
    }

    private static CountPlace After(Discrepancy last) =>
        new(last.Line.CountedAt!.Value, last.CountId, last.Line.ItemId, (int)last.Line.State);
}
