using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Access;

/// <summary>
/// Lists who was refused what, page by page, the newest first. A page looks at a bounded number of rows, so one of a
/// filter that matches little may be short, or empty, and not the last.
/// </summary>
public sealed class ListRefusals(Cell cell)
{
    /// <summary>The most refusals of a page.</summary>
    public const int PageSizeMax = 1_000;

    // What is looked at in vain still says how far the page has come.
    private const string Sql = """
        -- access.list_refusals
        WITH walked AS MATERIALIZED (
            SELECT r.at, r.refusal_id, r.caller, r.reason, r.scope, r.target, r.address, r.trace FROM access_refusal r
            WHERE (r.at, r.refusal_id) < (@Before::timestamptz, @BeforeId::bigint) AND r.at >= @From::timestamptz
            ORDER BY r.at DESC, r.refusal_id DESC LIMIT @Scan::int),
        fence AS MATERIALIZED (
            SELECT (SELECT count(*) FROM walked) AS scanned, f.at, f.refusal_id
            FROM (SELECT 1) AS one LEFT JOIN LATERAL (
                SELECT w.at, w.refusal_id FROM walked w ORDER BY w.at, w.refusal_id LIMIT 1) f ON true)
        SELECT z.scanned, z.at AS floor_at, z.refusal_id AS floor_number, w.at, w.refusal_id AS number, w.caller, w.reason, w.scope,
            w.target, w.address, w.trace
        FROM fence z
        LEFT JOIN (
            SELECT w.at, w.refusal_id, w.caller, w.reason, w.scope, w.target, w.address, w.trace FROM walked w
            WHERE (@Caller::text IS NULL OR w.caller = @Caller) AND (@Reason::text IS NULL OR w.reason = @Reason)
                AND (@Address::text IS NULL OR w.address = @Address) AND (@Trace::text IS NULL OR w.trace = @Trace)
            ORDER BY w.at DESC, w.refusal_id DESC LIMIT @Limit::int) w ON true
        ORDER BY w.at DESC, w.refusal_id DESC
        """;

    /// <summary>How many rows a page looks at, where not all match.</summary>
    public int ScanMax { get; init; } = 32_000;

    /// <summary>Lists a page.</summary>
    /// <param name="filter">What is to match.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>Null: the page token is not of this list.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<RefusalPage?> ExecuteAsync(
        RefusalFilter filter,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = filter.Fingerprint();
        if (AuditPlace.Read(pageToken, fingerprint, filter.Before) is not { } place)
        {
            return null;
        }

        var parameters = new
        {
            filter.Caller,
            filter.Reason,
            filter.Address,
            filter.Trace,
            From = filter.From ?? AuditPlace.Always,
            Before = place.At,
            BeforeId = place.Number,
            Limit = pageSize + 1,
            Scan = filter.IsSparse ? Math.Max(ScanMax, pageSize + 1) : pageSize + 1,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var rows = (await connection.QueryAsync<Row>(command)).AsList();
        var (page, next) = AuditPlace.Cut(rows, pageSize, parameters.Scan);
        return new([.. page.Select(r => r.ToRefusal())], next?.Write(fingerprint));
    }

    private sealed class Row : AuditRow
    {
        public string? Caller { get; init; }

        public string? Reason { get; init; }

        public string? Scope { get; init; }

        public string? Target { get; init; }

        public string? Address { get; init; }

        public string? Trace { get; init; }

        internal override bool IsFound => Reason is not null;

        internal AccessRefusal ToRefusal() => new(At, Caller, Reason!, Scope, Target!, Address!, Trace!);
    }
}

/// <summary>Who was refused what.</summary>
/// <param name="At">When, by the database's clock, UTC.</param>
/// <param name="Caller">Null: whoever it was did not say, or was not believed.</param>
/// <param name="Reason">Why not; the caller may have been told less.</param>
/// <param name="Scope">The one that was missing; null: something else was wrong.</param>
/// <param name="Target">An RPC or a path.</param>
/// <param name="Address">From where. Personal data.</param>
/// <param name="Trace">The id under which logs and the answer have it.</param>
public sealed record AccessRefusal(
    DateTime At,
    string? Caller,
    string Reason,
    string? Scope,
    string Target,
    string Address,
    string Trace
);

/// <summary>A page.</summary>
/// <param name="Refusals">The newest first; at most as many as asked for.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record RefusalPage(IReadOnlyList<AccessRefusal> Refusals, string? NextPageToken);
