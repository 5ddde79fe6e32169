using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Replenishment;

/// <summary>Lists policies page by page, by item and warehouse in the order in which they were made.</summary>
public sealed class ListReorderPolicies(Cell cell, StockDirectory directory)
{
    /// <summary>The most policies of a page.</summary>
    public const int PageSizeMax = 1_000;

    private const string AllSql = """
        -- replenishment.list_policies
        SELECT p.item_id, i.sku, p.warehouse_id, w.code AS warehouse, p.reorder_point, p.reorder_quantity, p.order_up_to, p.lead_time_days,
            p.service_level, p.automatic, p.source, p.version, p.created_at, p.updated_at, p.updated_by
        FROM reorder_policy p JOIN item i ON i.item_id = p.item_id JOIN warehouse w ON w.warehouse_id = p.warehouse_id
        WHERE (p.item_id, p.warehouse_id) > (@ItemPlace, @WarehousePlace) AND (@ItemId::bigint IS NULL OR p.item_id = @ItemId)
        ORDER BY p.item_id, p.warehouse_id LIMIT @Limit
        """;

    private const string WarehouseSql = """
        -- replenishment.list_policies_of_warehouse
        SELECT p.item_id, i.sku, p.warehouse_id, w.code AS warehouse, p.reorder_point, p.reorder_quantity, p.order_up_to, p.lead_time_days,
            p.service_level, p.automatic, p.source, p.version, p.created_at, p.updated_at, p.updated_by
        FROM reorder_policy p JOIN item i ON i.item_id = p.item_id JOIN warehouse w ON w.warehouse_id = p.warehouse_id
        WHERE p.warehouse_id = @WarehouseId AND p.item_id > @ItemPlace AND (@ItemId::bigint IS NULL OR p.item_id = @ItemId)
        ORDER BY p.item_id LIMIT @Limit
        """;

    /// <summary>Lists a page.</summary>
    /// <param name="sku">Of this item, by SKU or id; none for any.</param>
    /// <param name="warehouse">For this warehouse, by code or id; none for any.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ListPoliciesAnswer> ExecuteAsync(
        string? sku,
        string? warehouse,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = Fingerprint(sku, warehouse);
        PageToken? place = null;
        if (!string.IsNullOrEmpty(pageToken) && !PageToken.TryRead(pageToken, fingerprint, out place))
        {
            return new(ListReordersOutcome.PageTokenInvalid, [], null);
        }

        var names = await ReorderNames.FindAsync(directory, sku, warehouse, cancellation);
        if (names.Unknown is { } unknown)
        {
            return new(unknown, [], null);
        }

        var parameters = new
        {
            names.ItemId,
            names.WarehouseId,
            ItemPlace = place?.Number ?? 0,
            WarehousePlace = int.TryParse(place?.Text, out var behind) ? behind : 0,
            Limit = pageSize + 1,
        };
        var sql = names.WarehouseId is null ? AllSql : WarehouseSql;
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<StoredPolicy>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellation)
        );
        var policies = rows.Select(r => r.ToPolicy()).ToArray();
        var page = policies.Take(pageSize).ToArray();
        var next = policies.Length > pageSize ? After(page[^1], fingerprint) : null;
        return new(ListReordersOutcome.Listed, page, next);
    }

    private static string After(ReorderPolicy last, long fingerprint) =>
        new PageToken(last.ItemId, $"{last.WarehouseId}").Write(fingerprint);

    private static long Fingerprint(string? sku, string? warehouse)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("reorder_policies");
        content.Text(sku ?? "");
        content.Text(warehouse ?? "");
        return content.ToFingerprint();
    }
}

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Policies">At most as many as asked for.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record ListPoliciesAnswer(
    ListReordersOutcome Outcome,
    IReadOnlyList<ReorderPolicy> Policies,
    string? NextPageToken
);
