using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Access;

/// <summary>
/// Lists changes that moved no stock, page by page, the newest first. A page looks at a bounded number of rows, so one
/// of a filter that matches little may be short, or empty, and not the last.
/// </summary>
public sealed class ListMutations(Cell cell)
{
    /// <summary>The most changes of a page.</summary>
    public const int PageSizeMax = 1_000;

    // Of the two walks one is empty: by the time, or by the few rows of a trace. What is looked at in vain still says
    // how far the page has come.
    private const string Sql = """
        -- access.list_mutations
        WITH walked AS MATERIALIZED (
            (SELECT m.at, m.mutation_id, m.operation, m.target, m.actor, m.origin, m.trace FROM mutation m
             WHERE @Trace::uuid IS NULL AND (m.at, m.mutation_id) < (@Before::timestamptz, @BeforeId::bigint) AND m.at >= @From::timestamptz
             ORDER BY m.at DESC, m.mutation_id DESC LIMIT @Scan::int)
            UNION ALL
            (SELECT m.at, m.mutation_id, m.operation, m.target, m.actor, m.origin, m.trace FROM mutation m
             WHERE m.trace = @Trace::uuid AND (m.at, m.mutation_id) < (@Before::timestamptz, @BeforeId::bigint) AND m.at >= @From::timestamptz
             ORDER BY m.at DESC, m.mutation_id DESC LIMIT @Scan::int)),
        fence AS MATERIALIZED (
            SELECT (SELECT count(*) FROM walked) AS scanned, f.at, f.mutation_id
            FROM (SELECT 1) AS one LEFT JOIN LATERAL (
                SELECT w.at, w.mutation_id FROM walked w ORDER BY w.at, w.mutation_id LIMIT 1) f ON true)
        SELECT z.scanned, z.at AS floor_at, z.mutation_id AS floor_number, w.at, w.mutation_id AS number, w.operation, w.target, w.actor,
            o.scope, o.address, w.trace
        FROM fence z
        LEFT JOIN (
            SELECT w.at, w.mutation_id, w.operation, w.target, w.actor, w.origin, w.trace FROM walked w
            WHERE (@Actor::text IS NULL OR w.actor = @Actor) AND (@Operation::text IS NULL OR w.operation = @Operation)
                AND (@Target::text IS NULL OR w.target = @Target)
            ORDER BY w.at DESC, w.mutation_id DESC LIMIT @Limit::int) w ON true
        LEFT JOIN origin o ON o.origin_id = w.origin
        ORDER BY w.at DESC, w.mutation_id DESC
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
    public async Task<MutationPage?> ExecuteAsync(
        MutationFilter filter,
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
            filter.Actor,
            filter.Operation,
            filter.Target,
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
        return new([.. page.Select(r => r.ToMutation())], next?.Write(fingerprint));
    }

    private sealed class Row : AuditRow
    {
        public string? Operation { get; init; }

        public string? Target { get; init; }

        public string? Actor { get; init; }

        public string? Scope { get; init; }

        public string? Address { get; init; }

        public Guid? Trace { get; init; }

        internal override bool IsFound => Operation is not null;

        internal Mutation ToMutation() =>
            new()
            {
                At = At,
                Operation = Operation!,
                Target = Target!,
                Actor = Actor!,
                Scope = Scope,
                Address = Address,
                Trace = Trace,
            };
    }
}

/// <summary>A page.</summary>
/// <param name="Mutations">The newest first; at most as many as asked for.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record MutationPage(IReadOnlyList<Mutation> Mutations, string? NextPageToken);
