using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Npgsql;

namespace Inventory.Engine.Integrity;

/// <summary>Lists what a recorded verification found wrong, page by page, in the order of the stock rows.</summary>
public sealed class ListFindings(Cell cell)
{
    private const string Sql = """
        -- integrity.verification
        SELECT v.verification_id, v.started_at, v.as_of, v.stock_rows, v.violations, v.elapsed_ms
        FROM verification v WHERE @Id::bigint IS NULL OR v.verification_id = @Id::bigint
        ORDER BY v.verification_id DESC LIMIT 1
        """;

    private const string FindingsSql = """
        -- integrity.list_findings
        SELECT f.place, f.invariant::int, f.stock_id, f.sku, f.warehouse, f.reservation_id, f.transfer_id, f.expected, f.actual
        FROM invariant_finding f WHERE f.verification_id = @Id AND f.place > @Place ORDER BY f.place LIMIT @Limit
        """;

    private const int List = 19;

    /// <summary>The most findings of a page.</summary>
    public const int PageSizeMax = 1_000;

    /// <summary>Lists a page.</summary>
    /// <param name="verificationId">Which verification; none: the last.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before; it goes on in that page's verification. None for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<FindingsPage> ExecuteAsync(
        long? verificationId,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var place = 0L;
        var id = verificationId;
        if (!string.IsNullOrEmpty(pageToken))
        {
            if (
                !PageToken.TryRead(pageToken, List, out var read)
                || !long.TryParse(read.Text, out var of)
                || (verificationId is not null && verificationId != of)
            )
            {
                return new(FindingsOutcome.PageTokenInvalid, null, [], null);
            }

            (place, id) = (Math.Min(read.Number, int.MaxValue), of);
        }

        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var head = await connection.QuerySingleOrDefaultAsync<Head>(
            new CommandDefinition(Sql, new { Id = id }, cancellationToken: cancellation)
        );
        if (head is null)
        {
            var outcome = id is null ? FindingsOutcome.Listed : FindingsOutcome.VerificationUnknown;
            return new(outcome, null, [], null);
        }

        var parameters = new
        {
            Id = head.VerificationId,
            Place = (int)place,
            Limit = pageSize + 1,
        };
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(FindingsSql, parameters, cancellationToken: cancellation)
        );
        var found = rows.AsList();
        var next =
            found.Count > pageSize
                ? new PageToken(found[pageSize - 1].Place, $"{head.VerificationId}").Write(List)
                : null;
        return new(
            FindingsOutcome.Listed,
            head.ToVerification(),
            [.. found.Take(pageSize).Select(r => r.ToViolation())],
            next
        );
    }

    private sealed record Head(
        long VerificationId,
        DateTime StartedAt,
        DateTime AsOf,
        long StockRows,
        long Violations,
        long ElapsedMs
    )
    {
        internal Verification ToVerification() =>
            new(VerificationId, StartedAt, AsOf, StockRows, Violations, TimeSpan.FromMilliseconds(ElapsedMs));
    }

    private sealed class Row
    {
        public int Place { get; init; }

        public int Invariant { get; init; }

        public long? StockId { get; init; }

        public string? Sku { get; init; }

        public string? Warehouse { get; init; }

        public Guid? ReservationId { get; init; }

        public Guid? TransferId { get; init; }

        public long Expected { get; init; }

        public long Actual { get; init; }

        internal VerifyViolation ToViolation() =>
            new()
            {
                Invariant = (StockInvariant)Invariant,
                StockId = StockId,
                Sku = Sku,
                Warehouse = Warehouse,
                ReservationId = ReservationId,
                TransferId = TransferId,
                Expected = Expected,
                Actual = Actual,
            };
    }
}

/// <summary>What became of a request to list findings. Append only; a number is never used again.</summary>
public enum FindingsOutcome
{
    /// <summary>The page is there; without a verification none was recorded yet.</summary>
    Listed = 1,

    /// <summary>There is no such verification, or it is not kept any more.</summary>
    VerificationUnknown = 2,

    /// <summary>The page token was not made by this operation for this verification.</summary>
    PageTokenInvalid = 3,
}

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Verification">The one whose findings they are; none if there was none yet.</param>
/// <param name="Findings">At most as many as asked for.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record FindingsPage(
    FindingsOutcome Outcome,
    Verification? Verification,
    IReadOnlyList<VerifyViolation> Findings,
    string? NextPageToken
);
