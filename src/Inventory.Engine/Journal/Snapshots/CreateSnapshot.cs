using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal.Snapshots;

/// <summary>Makes a snapshot of all stock on demand, once a request id.</summary>
public sealed class CreateSnapshot(Cell cell, TakeSnapshots take)
{
    private const string Sql = """
        -- journal.create_snapshot
        WITH clock AS MATERIALIZED (
            SELECT clock_timestamp() AS now),
        seen AS MATERIALIZED (
            SELECT r.fingerprint, r.answer FROM request r WHERE r.request_key = @Key),
        made AS (
            INSERT INTO snapshot (at, caller, note)
            SELECT c.now, @Caller, @Note FROM clock c WHERE NOT EXISTS (SELECT FROM seen)
            RETURNING snapshot_id, at),
        audited AS (
            INSERT INTO mutation (at, operation, target, request_key, actor, origin, trace)
            SELECT m.at, 'CreateSnapshot', m.snapshot_id::text, @Key, @Caller, @Origin::int, @Trace::uuid FROM made m),
        stored AS (
            INSERT INTO request (request_key, fingerprint, created_at, operation, answer)
            SELECT @Key, @Fingerprint, m.at, 110, jsonb_build_object('snapshot_id', m.snapshot_id) FROM made m)
        SELECT s.fingerprint AS seen, coalesce(m.snapshot_id, (s.answer ->> 'snapshot_id')::bigint) AS snapshot_id
        FROM clock c LEFT JOIN seen s ON true LEFT JOIN made m ON true
        """;

    private const string ReadSql = """
        -- journal.get_snapshot
        SELECT snapshot_id, at, caller, note, written, finished_at FROM snapshot WHERE snapshot_id = @SnapshotId
        """;

    /// <summary>Makes it, and answers when it is finished.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">Ends the wait; a snapshot that has begun is finished by the job.</param>
    /// <exception cref="NpgsqlException">
    /// The database is away; asking again with the same request id is safe.
    /// </exception>
    public async Task<CreateSnapshotAnswer> ExecuteAsync(NewSnapshot request, CancellationToken cancellation)
    {
        var fingerprint = request.Fingerprint();
        var parameters = new
        {
            Key = RequestKey.Id(request.Caller, request.RequestId),
            Fingerprint = fingerprint,
            Caller = request.Caller.Name,
            request.Caller.Origin,
            request.Caller.Trace,
            request.Note,
        };
        var command = new CommandDefinition(Sql, parameters, cancellationToken: cancellation);
        var (seen, snapshotId) = await RacedInsert.RunAsync(
            cell,
            c => c.QuerySingleAsync<(long? Seen, long? SnapshotId)>(command),
            cancellation
        );
        if (seen is { } other && other != fingerprint)
        {
            return new(CreateSnapshotOutcome.RequestIdReused, null);
        }

        await take.FinishAsync(snapshotId!.Value, cancellation);
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var snapshot = await connection.QuerySingleAsync<Snapshot>(
            new CommandDefinition(ReadSql, new { SnapshotId = snapshotId }, cancellationToken: cancellation)
        );
        return new(seen is null ? CreateSnapshotOutcome.Created : CreateSnapshotOutcome.Replayed, snapshot);
    }
}

/// <summary>What became of it. Append only; a number is never used again.</summary>
public enum CreateSnapshotOutcome
{
    /// <summary>It is made, or nearly.</summary>
    Created = 1,

    /// <summary>It was made before, by the same request.</summary>
    Replayed = 2,

    /// <summary>The request id was used for something else.</summary>
    RequestIdReused = 3,
}

/// <param name="Outcome">What became of it.</param>
/// <param name="Snapshot">As it is now; not finished if another node is at it.</param>
public sealed record CreateSnapshotAnswer(CreateSnapshotOutcome Outcome, Snapshot? Snapshot);
