using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Alerts;

/// <summary>Lists alerts page by page, those raised last first.</summary>
public sealed class ListAlerts(Cell cell)
{
    /// <summary>The most alerts of a page.</summary>
    public const int PageSizeMax = 1_000;

    private const string AllSql = """
        -- alerts.list
        SELECT a.alert_id, a.kind, a.subject, a.sku, a.warehouse, a.amount, a.threshold, a.message, a.raised_at, a.acknowledged_at,
            a.acknowledged_by, a.note, a.resolved_at, a.resolved_by, a.revision
        FROM alert a
        WHERE a.alert_id < @Before AND (@Kinds::smallint[] IS NULL OR a.kind = ANY (@Kinds::smallint[]))
            AND (@Sku::text IS NULL OR a.sku = @Sku) AND (@Warehouse::text IS NULL OR a.warehouse = @Warehouse)
        ORDER BY a.alert_id DESC LIMIT @Limit
        """;

    // The same, in words that fit the index of those that are open.
    private const string OpenSql = """
        -- alerts.list_open
        SELECT a.alert_id, a.kind, a.subject, a.sku, a.warehouse, a.amount, a.threshold, a.message, a.raised_at, a.acknowledged_at,
            a.acknowledged_by, a.note, a.resolved_at, a.resolved_by, a.revision
        FROM alert a
        WHERE a.alert_id < @Before AND a.resolved_at IS NULL AND (@Kinds::smallint[] IS NULL OR a.kind = ANY (@Kinds::smallint[]))
            AND (@Sku::text IS NULL OR a.sku = @Sku) AND (@Warehouse::text IS NULL OR a.warehouse = @Warehouse)
        ORDER BY a.alert_id DESC LIMIT @Limit
        """;

    /// <summary>Lists a page.</summary>
    /// <param name="filter">What is to match.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ListAlertsAnswer> ExecuteAsync(
        AlertFilter filter,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = filter.Fingerprint();
        PageToken? place = null;
        if (!string.IsNullOrEmpty(pageToken) && !PageToken.TryRead(pageToken, fingerprint, out place))
        {
            return new(ListAlertsOutcome.PageTokenInvalid, [], null);
        }

        var parameters = new
        {
            Before = place?.Number ?? long.MaxValue,
            Kinds = filter.Kinds.Count == 0 ? null : filter.Kinds.Select(k => (short)k).ToArray(),
            filter.Sku,
            filter.Warehouse,
            Limit = pageSize + 1,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(
            filter.OpenOnly ? OpenSql : AllSql,
            parameters,
            cancellationToken: cancellation
        );
        var rows = (await connection.QueryAsync<Alert>(command)).AsList();
        Alert[] page = [.. rows.Take(pageSize)];
        var next = rows.Count > pageSize ? new PageToken(page[^1].AlertId, "").Write(fingerprint) : null;
        return new(ListAlertsOutcome.Listed, page, next);
    }
}

/// <summary>What became of a request to list alerts. Append only; a number is never used again.</summary>
public enum ListAlertsOutcome
{
    /// <summary>The page is there.</summary>
    Listed = 1,

    /// <summary>The page token was not made by this operation for this filter.</summary>
    PageTokenInvalid = 2,
}

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Alerts">At most as many as asked for.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record ListAlertsAnswer(ListAlertsOutcome Outcome, IReadOnlyList<Alert> Alerts, string? NextPageToken);
