using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Npgsql;

namespace Inventory.Engine.Integrity;

/// <summary>
/// Verifies everything and records what it finds, on one server at a time. The lock is a transaction's: who dies in the
/// middle lets go of it, and has recorded nothing.
/// </summary>
public sealed class RecordVerification(Cell cell, VerifyInventory verify)
{
    private const string LockSql = """
        -- integrity.lock
        SELECT pg_try_advisory_xact_lock(hashtextextended(current_schema() || '.verification', 0))
        """;

    private const string RecentSql = """
        -- integrity.recent
        SELECT EXISTS (SELECT FROM verification v WHERE v.started_at > clock_timestamp() - @Within::interval), clock_timestamp()
        """;

    private const string RecordSql = """
        -- integrity.record
        WITH recorded AS (
            INSERT INTO verification (started_at, as_of, stock_rows, violations, elapsed_ms)
            VALUES (@StartedAt, @AsOf, @StockRows, @Violations, @ElapsedMs)
            RETURNING verification_id),
        found AS (
            INSERT INTO invariant_finding (verification_id, place, invariant, stock_id, sku, warehouse, reservation_id, transfer_id, expected, actual)
            SELECT r.verification_id, f.place, f.invariant, f.stock_id, f.sku, f.warehouse, f.reservation_id, f.transfer_id, f.expected, f.actual
            FROM recorded r, unnest(@Invariants::smallint[], @StockIds::bigint[], @Skus::text[], @Warehouses::text[], @ReservationIds::uuid[],
                    @TransferIds::uuid[], @Expected::bigint[], @Actual::bigint[])
                WITH ORDINALITY AS f (invariant, stock_id, sku, warehouse, reservation_id, transfer_id, expected, actual, place)),
        pruned AS (
            DELETE FROM verification v
            WHERE v.verification_id IN (SELECT o.verification_id FROM verification o ORDER BY o.verification_id DESC OFFSET @Kept))
        SELECT r.verification_id FROM recorded r
        """;

    /// <summary>The most findings that are kept of one verification.</summary>
    public const int FindingsMax = 10_000;

    /// <summary>How many verifications are kept; with an older one its findings go.</summary>
    private const int Kept = 400;

    /// <summary>Verifies, unless another does, or has a short while ago.</summary>
    /// <param name="within">How short a while ago: on many servers the same bell rings.</param>
    /// <param name="cancellation">Ends it; nothing is recorded then.</param>
    /// <exception cref="NpgsqlException">The database is away; asking again is safe.</exception>
    public async Task<RecordVerificationAnswer> ExecuteAsync(TimeSpan within, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await connection.QuerySingleAsync<bool>(Command(LockSql, null, cancellation)))
        {
            return new(RecordVerificationOutcome.Busy, null, []);
        }

        var (isRecent, startedAt) = await connection.QuerySingleAsync<(bool, DateTime)>(
            Command(RecentSql, new { Within = within }, cancellation)
        );
        if (isRecent)
        {
            return new(RecordVerificationOutcome.DoneAlready, null, []);
        }

        var findings = new List<VerifyViolation>();
        VerifyResult? result = null;
        await foreach (var step in verify.ExecuteAsync(cancellation))
        {
            if (step is VerifyViolation violation && findings.Count < FindingsMax)
            {
                findings.Add(violation);
            }

            result = step as VerifyResult;
        }

        if (result is null)
        {
            // One that somebody asked for runs on this server.
            return new(RecordVerificationOutcome.Busy, null, []);
        }

        var id = await connection.QuerySingleAsync<long>(
            Command(RecordSql, Parameters(startedAt, result, findings), cancellation)
        );
        await transaction.CommitAsync(cancellation);
        var recorded = new Verification(
            id,
            startedAt,
            result.AsOf,
            result.StockRows,
            result.Violations,
            result.Elapsed
        );
        return new(RecordVerificationOutcome.Verified, recorded, findings);
    }

    private static object Parameters(DateTime startedAt, VerifyResult result, List<VerifyViolation> findings) =>
        new
        {
            StartedAt = startedAt,
            result.AsOf,
            result.StockRows,
            result.Violations,
            ElapsedMs = (long)result.Elapsed.TotalMilliseconds,
            Invariants = findings.Select(f => (short)f.Invariant).ToArray(),
            StockIds = findings.Select(f => f.StockId).ToArray(),
            Skus = findings.Select(f => f.Sku).ToArray(),
            Warehouses = findings.Select(f => f.Warehouse).ToArray(),
            ReservationIds = findings.Select(f => f.ReservationId).ToArray(),
            TransferIds = findings.Select(f => f.TransferId).ToArray(),
            Expected = findings.Select(f => f.Expected).ToArray(),
            Actual = findings.Select(f => f.Actual).ToArray(),
            Kept,
        };

    private static CommandDefinition Command(string sql, object? parameters, CancellationToken cancellation) =>
        new(sql, parameters, cancellationToken: cancellation);
}
