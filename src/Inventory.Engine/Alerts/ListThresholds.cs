using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Alerts;

/// <summary>Lists thresholds page by page, in the order in which they were made.</summary>
public sealed class ListThresholds(Cell cell)
{
    /// <summary>The most thresholds of a page.</summary>
    public const int PageSizeMax = 1_000;

    private const string Sql = """
        -- alerts.list_thresholds
        SELECT t.threshold_id, t.kind, coalesce(i.sku, '') AS sku, coalesce(w.code, '') AS warehouse, t.raise_at, t.resolve_at,
            t.updated_at, t.updated_by
        FROM alert_threshold t LEFT JOIN item i ON i.item_id = t.item_id LEFT JOIN warehouse w ON w.warehouse_id = t.warehouse_id
        WHERE t.threshold_id > @After AND (@Sku::text IS NULL OR i.sku = @Sku) AND (@Warehouse::text IS NULL OR w.code = @Warehouse)
        ORDER BY t.threshold_id LIMIT @Limit
        """;

    /// <summary>Lists a page.</summary>
    /// <param name="sku">Only of this SKU, if given.</param>
    /// <param name="warehouse">Only of this warehouse, by code, if given.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>None if the page token is not of this list.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ThresholdPage?> ExecuteAsync(
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
            return null;
        }

        var parameters = new
        {
            After = place?.Number ?? 0,
            Sku = sku,
            Warehouse = warehouse,
            Limit = pageSize + 1,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var rows = (await connection.QueryAsync<AlertThreshold>(command)).AsList();
        AlertThreshold[] page = [.. rows.Take(pageSize)];
        return new(page, rows.Count > pageSize ? new PageToken(page[^1].ThresholdId, "").Write(fingerprint) : null);
    }

    private static long Fingerprint(string? sku, string? warehouse)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("thresholds");
        content.Text(sku ?? "");
        content.Text(warehouse ?? "");
        return content.ToFingerprint();
    }
}

/// <summary>A page.</summary>
/// <param name="Thresholds">At most as many as asked for.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record ThresholdPage(IReadOnlyList<AlertThreshold> Thresholds, string? NextPageToken);
