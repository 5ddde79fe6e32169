using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Alerts;

/// <summary>
/// Raises alerts of what others than the judge of levels have measured, and resolves them when it is over.
/// </summary>
public sealed class RaiseAlerts(Cell cell)
{
    private const string RaiseSql = """
        -- alerts.raise
        INSERT INTO alert (kind, subject, message, amount, threshold, sku, warehouse)
        SELECT DISTINCT ON (c.subject) @Kind::smallint, c.subject, c.message, c.amount, c.threshold, c.sku, c.warehouse
        FROM unnest(@Subjects::text[], @Messages::text[], @Amounts::bigint[], @Thresholds::bigint[], @Skus::text[], @Warehouses::text[])
            AS c (subject, message, amount, threshold, sku, warehouse)
        WHERE NOT EXISTS (
            SELECT FROM alert o WHERE o.kind = @Kind::smallint AND o.subject = c.subject AND o.resolved_at IS NULL)
        ORDER BY c.subject
        ON CONFLICT (kind, subject) WHERE resolved_at IS NULL DO NOTHING
        """;

    private const string ResolveSql = """
        -- alerts.resolve_subjects
        UPDATE alert t SET resolved_at = clock_timestamp(), revision = t.revision + 1, xid = pg_current_xact_id()
        WHERE t.kind = @Kind::smallint AND t.subject = ANY (@Subjects::text[]) AND t.resolved_at IS NULL
        """;

    private const string ResolveOthersSql = """
        -- alerts.resolve_others
        UPDATE alert t SET resolved_at = clock_timestamp(), revision = t.revision + 1, xid = pg_current_xact_id()
        WHERE t.kind = @Kind::smallint AND t.subject <> ALL (@Subjects::text[]) AND t.resolved_at IS NULL
        """;

    /// <summary>Raises those that are not open.</summary>
    /// <returns>How many were raised.</returns>
    /// <exception cref="NpgsqlException">The database is away; asking again is safe.</exception>
    public Task<int> RaiseAsync(
        AlertKind kind,
        IReadOnlyCollection<AlertCause> causes,
        CancellationToken cancellation
    ) =>
        ExecuteAsync(
            RaiseSql,
            new
            {
                Kind = (short)kind,
                Subjects = causes.Select(c => c.Subject).ToArray(),
                Messages = causes.Select(c => c.Message).ToArray(),
                Amounts = causes.Select(c => c.Amount).ToArray(),
                Thresholds = causes.Select(c => c.Threshold).ToArray(),
                Skus = causes.Select(c => c.Sku).ToArray(),
                Warehouses = causes.Select(c => c.Warehouse).ToArray(),
            },
            cancellation
        );

    /// <summary>Resolves the open ones of these subjects.</summary>
    /// <returns>How many were open.</returns>
    /// <exception cref="NpgsqlException">The database is away; asking again is safe.</exception>
    public Task<int> ResolveAsync(
        AlertKind kind,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellation
    ) => ExecuteAsync(ResolveSql, new { Kind = (short)kind, Subjects = subjects.ToArray() }, cancellation);

    /// <summary>Resolves the open ones of all other subjects: for who has looked at everything.</summary>
    /// <returns>How many were open.</returns>
    /// <exception cref="NpgsqlException">The database is away; asking again is safe.</exception>
    public Task<int> ResolveOthersAsync(
        AlertKind kind,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellation
    ) => ExecuteAsync(ResolveOthersSql, new { Kind = (short)kind, Subjects = subjects.ToArray() }, cancellation);

    private async Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellation));
    }
}
